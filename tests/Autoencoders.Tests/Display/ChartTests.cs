using System.Text.Json;
using Autoencoders.Display;
using Autoencoders.Training;
using SkiaSharp;
using TorchSharp;

namespace Autoencoders.Tests.Display;

public sealed class ChartTests
{
    private static readonly Chart Lines = Chart.Lines("Loss by epoch", "epoch", "BCE (nats per pixel)", new ChartSeries("training", [0.3, 0.2, 0.1]), new ChartSeries("validation", [0.4, 0.3, 0.2]));

    public ChartTests() => Notebook.Setup();

    public static TheoryData<Chart> Charts =>
    [
        Lines,
        Lines.LogX().LogY().WithLine("floor", 0.06),
        Chart.Scatter("Codes", "first number", "second number", new ChartSeries("0", [1, 2], [3, 4]), new ChartSeries("1", [2, 1], [4, 3])),
        Chart.Bars("Digits", "digit", "images", ["0", "1"], new ChartSeries("", [10, 20])).WithLine("mean", 15),
        Chart.Histogram("Quality", "PSNR (dB)", "images", 5, ("", [20, 21, 25, 30])),
        Chart.Histogram("Quality", "PSNR (dB)", "images", 5, ("small", [20, 21, 25, 30]), ("large", [22, 23])),
    ];

    [Theory]
    [MemberData(nameof(Charts), DisableDiscoveryEnumeration = true)]
    public void Every_chart_has_a_title_and_labelled_axes_for_plotly(Chart chart)
    {
        var layout = Figure(chart).GetProperty("layout");

        Assert.Equal(chart.Title, layout.GetProperty("title").GetProperty("text").GetString());
        Assert.Equal(chart.XAxis, layout.GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal(chart.YAxis, layout.GetProperty("yaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("white", layout.GetProperty("plot_bgcolor").GetString());
    }

    [Theory]
    [MemberData(nameof(Charts), DisableDiscoveryEnumeration = true)]
    public void Every_chart_is_also_a_still_picture_the_same_each_time(Chart chart)
    {
        using var picture = SKBitmap.Decode(chart.ToPng());

        Assert.Equal((700, 400), (picture.Width, picture.Height));
        Assert.Contains(SKColor.Parse("#0072B2"), picture.Pixels.Select(p => p.WithAlpha(255)));
        Assert.Equal(chart.ToPng(), chart.ToPng());
    }

    [Theory]
    [MemberData(nameof(Charts), DisableDiscoveryEnumeration = true)]
    public void Html_loads_nothing(Chart chart)
    {
        Assert.DoesNotContain("http", chart.ToHtml());
        Assert.DoesNotContain(" src=", chart.ToHtml());
        Assert.Equal(1, chart.ToHtml().Split("<script").Length - 1);
    }

    [Fact]
    public void Series_differ_in_colour_dash_and_marker()
    {
        var traces = Figure(Lines).GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(["training", "validation"], traces.Select(t => t.GetProperty("name").GetString()));
        Assert.Equal([0.3, 0.2, 0.1], traces[0].GetProperty("y").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal([1.0, 2, 3], traces[0].GetProperty("x").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(["#0072B2", "#D55E00"], traces.Select(t => t.GetProperty("line").GetProperty("color").GetString()));
        Assert.Equal(["solid", "dash"], traces.Select(t => t.GetProperty("line").GetProperty("dash").GetString()));
        Assert.Equal(2, traces.Select(t => t.GetProperty("marker").GetProperty("symbol").ToString()).Distinct().Count());
    }

    [Fact]
    public void Logarithmic_axes_are_labelled_at_round_numbers()
    {
        var axis = Figure(Chart.Lines("t", "numbers", "dB", new ChartSeries("a", [2, 128], [10, 20])).LogX()).GetProperty("layout").GetProperty("xaxis");

        Assert.Equal("log", axis.GetProperty("type").GetString());
        Assert.Equal([2.0, 5, 10, 20, 50, 100], axis.GetProperty("tickvals").EnumerateArray().Select(v => v.GetDouble()));
    }

    [Fact]
    public void Few_epochs_are_labelled_with_whole_numbers() =>
        Assert.Equal(1, Figure(Lines).GetProperty("layout").GetProperty("xaxis").GetProperty("dtick").GetInt32());

    [Fact]
    public void A_reference_line_spans_the_chart_at_its_height()
    {
        var line = Figure(Lines.WithLine("floor", 0.06)).GetProperty("data")[2];

        Assert.Equal("floor", line.GetProperty("name").GetString());
        Assert.Equal([0.06, 0.06], line.GetProperty("y").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal([1.0, 3], line.GetProperty("x").EnumerateArray().Select(v => v.GetDouble()));
    }

    [Fact]
    public void A_histogram_counts_every_value_once_the_highest_too()
    {
        var chart = Chart.Histogram("t", "x", torch.tensor(new float[] { 0, 1, 1.5f, 3.9f, 4 }), bins: 4);

        Assert.Equal([0.5, 1.5, 2.5, 3.5], chart.Series[0].X);
        Assert.Equal([1.0, 2, 0, 2], chart.Series[0].Y);
    }

    [Fact]
    public void A_histogram_of_one_value_has_one_bar() =>
        Assert.Equal(3, Chart.Histogram("t", "x", torch.ones(3), bins: 4).Series[0].Y[0]);

    [Fact]
    public void Titles_cannot_leave_their_place_in_the_page()
    {
        var html = Chart.Lines("</script><b>\"x\"", "x", "y", new ChartSeries("</script>", [1])).ToHtml();

        Assert.Equal(1, html.Split("</script").Length - 1);
        Assert.Contains("aria-label=\"&lt;/script&gt;&lt;b&gt;&quot;x&quot;\"", html);
    }

    [Fact]
    public void The_same_chart_gives_the_same_html_and_another_another_place()
    {
        var other = Chart.Lines("Loss by epoch", "epoch", "BCE (nats per pixel)", new ChartSeries("training", [0.3, 0.2, 0.15]));

        Assert.Equal(Lines.ToHtml(), Lines.ToHtml());
        Assert.NotEqual(Place(Lines), Place(other));
    }

    [Fact]
    public void A_series_and_a_chart_that_cannot_be_drawn_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ChartSeries("a", [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => Chart.Lines("t", "x", "y"));
        Assert.Throws<ArgumentException>(() => Chart.Histogram("t", "x", "y", 5, ("a", [double.NaN])));
        Assert.Throws<ArgumentException>(() => Chart.Bars("t", "x", "y", ["a"], new ChartSeries("s", [1, 2])));
    }

    [Fact]
    public void Values_that_are_not_finite_leave_the_still_picture_intact() =>
        Assert.NotEmpty(Chart.Lines("t", "x", "y", new ChartSeries("a", [double.NaN, 1, double.PositiveInfinity])).ToPng());

    [Fact]
    public void Training_curves_show_both_losses_of_each_training_and_the_floor()
    {
        var history = new TrainingHistory([new EpochResult(1, 0.3, 0.4, 1, 1), new EpochResult(2, 0.2, 0.25, 1, 1)]);
        var one = Chart.TrainingCurves(history, "BCE", floor: 0.06);
        var two = Chart.TrainingCurves("BCE", null, ("constant", history), ("one-cycle", history));

        Assert.Equal(["training", "validation", "floor"], one.Series.Select(s => s.Name));
        Assert.Equal([0.4, 0.25], one.Series[1].Y);
        Assert.Equal([0.06, 0.06], one.Series[2].Y);
        Assert.Equal(["constant, training", "constant, validation", "one-cycle, training", "one-cycle, validation"], two.Series.Select(s => s.Name));
    }

    [Fact]
    public void Bars_of_the_still_picture_are_as_high_as_their_values()
    {
        using var picture = SKBitmap.Decode(Chart.Bars("t", "x", "y", ["a", "b"], new ChartSeries("", [10, 20])).ToPng());
        int Height(int x) => Enumerable.Range(0, 400).Count(y => picture.GetPixel(x, y) == SKColor.Parse("#0072B2"));

        Assert.InRange(Height(528) / (double)Height(226), 1.97, 2.03);
    }

    [Fact]
    public void The_text_names_chart_axes_and_series() =>
        Assert.Equal("Chart \"Loss by epoch\", BCE (nats per pixel) by epoch: training; validation", Lines.ToString());

    private static string Place(Chart chart) => chart.ToHtml().Split("data-chart=\"")[1].Split('"')[0];

    private static JsonElement Figure(Chart chart) => JsonDocument.Parse(PlotlyChart.ToJson(chart)).RootElement;
}
