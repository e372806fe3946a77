using System.Net;
using Autoencoders.Display;
using Microsoft.DotNet.Interactive.Formatting;
using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace Autoencoders.Tests.Display;

public sealed class ChartFormatterTests
{
    static ChartFormatterTests() => Notebook.Setup();

    private static GenericChart Chart => Charts.Lines("Loss by epoch", "epoch", "BCE (nats per pixel)", ("training", [1, 2], [0.3, 0.2]), ("validation", [1, 2], [0.4, 0.3]));

    [Fact]
    public void A_chart_is_shown_as_html_and_text() =>
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(Chart.GetType()).Order());

    [Fact]
    public void The_text_names_chart_axes_and_series()
    {
        Assert.Equal("Chart \"Loss by epoch\", BCE (nats per pixel) by epoch: training; validation", Chart.ToDisplayString("text/plain"));
        Assert.Equal("Chart \"\"", Plotly.NET.CSharp.Chart.Point<int, int, string>([1], [2]).ToDisplayString("text/plain"));
    }

    [Fact]
    public void Where_no_script_runs_the_reader_is_told_what_the_chart_is_and_what_to_do()
    {
        var withoutScript = Chart.ToDisplayString("text/html").Split("<script")[0];

        Assert.Contains("<p>Chart &quot;Loss by epoch&quot;, BCE (nats per pixel) by epoch: training; validation.</p>", withoutScript);
        Assert.Contains("once this notebook is trusted and its first cells have run", withoutScript);
        Assert.Contains("width:700px;height:400px", withoutScript);
    }

    [Fact]
    public void The_figure_lies_in_the_html_whole_whatever_its_titles()
    {
        const string Title = "</script><b>\"x\"' & 'y'</b>&lt;";
        var chart = Chart.WithTitles(Title, "it's x", "y");
        var html = chart.ToDisplayString("text/html");
        var figure = WebUtility.HtmlDecode(html.Split("data-figure='")[1].Split('\'')[0]);

        Assert.Equal(1, html.Split("</script").Length - 1);
        Assert.DoesNotContain("<b>", html);
        Assert.True(JToken.DeepEquals(JObject.Parse(GenericChart.toJson(chart)), JObject.Parse(figure)));
    }

    [Fact]
    public void A_chart_loads_nothing_and_is_the_same_each_time()
    {
        Assert.Equal(Chart.ToDisplayString("text/html"), Chart.ToDisplayString("text/html"));
        Assert.DoesNotContain("http", Chart.ToDisplayString("text/html"));
    }
}
