using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace Autoencoders.Display;

/// <summary>What a notebook shows of a Plotly.NET chart.</summary>
internal static class ChartFormatter
{
    // Draws what waits on the page, as soon as the output of Notebook.Setup, above or below, has brought plotly.js. No
    // chart has an identity: the same one twice on a page, or one left from an earlier run, is drawn like any other.
    private const string Script = """
        <script>(function draw() {
          if (!window.Plotly) return setTimeout(draw, 200);
          for (const box of document.querySelectorAll('[data-figure]:not([data-drawn])')) {
            const { data, layout, config } = JSON.parse(box.dataset.figure);
            box.dataset.drawn = true;
            box.textContent = '';
            window.Plotly.newPlot(box, data, { ...layout, width: undefined, height: undefined }, { ...config, responsive: true, displaylogo: false });
          }
        })();</script>
        """;

    /// <summary>
    /// The chart's place on the page, which holds the figure and says in words what it is until a script draws it: where
    /// a notebook is not trusted none ever does.
    /// </summary>
    public static string ToHtml(GenericChart chart)
    {
        var json = GenericChart.toJson(chart);
        var layout = JObject.Parse(json)["layout"]!;
        var text = Html.Encode(ToText(chart));
        return $"""
            <div class="plotly-chart" role="img" aria-label="{text}" data-figure='{Quoted(json)}' style="width:{layout["width"] ?? HouseStyle.Width}px;height:{layout["height"] ?? HouseStyle.Height}px;max-width:100%;background:#fff;color:#222"><p>{text}.</p><p>It is drawn once this notebook is trusted and its first cells have run (in VS Code, once their output has been on the screen).</p></div>
            {Script}
            """;
    }

    /// <summary>Title, axes and series in a line.</summary>
    public static string ToText(GenericChart chart)
    {
        var figure = JObject.Parse(GenericChart.toJson(chart));
        var layout = figure["layout"]!;
        var names = figure["data"]!.Select(s => $"{s["name"]}").Where(name => name.Length > 0);
        var axes = layout.SelectToken("yaxis.title.text") is { } y && layout.SelectToken("xaxis.title.text") is { } x ? $", {y} by {x}" : "";
        var list = string.Join("; ", names);
        return $"Chart \"{layout.SelectToken("title.text")}\"{axes}{(list.Length > 0 ? ": " + list : "")}";
    }

    // An attribute in single quotes: JSON's own quotes, which are many, stay as they are.
    private static string Quoted(string json) => json
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
