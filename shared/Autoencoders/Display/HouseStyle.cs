using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace Autoencoders.Display;

/// <summary>How charts look: a Plotly template, in which plotly.js's documentation is the reference for every name.</summary>
internal static class HouseStyle
{
    /// <summary>Pixels of a chart that does not say otherwise.</summary>
    public const int Width = 700, Height = 400;

    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
    private static readonly string[] Markers = ["circle", "square", "diamond", "triangle-up", "x"];
    private static readonly string[] Patterns = ["", "-", "|", "+"];

    /// <summary>Makes every chart of Plotly.NET begin in this style, those of the reader too.</summary>
    public static void Apply()
    {
        Defaults.DefaultTemplate = Template();
        Defaults.DefaultWidth = Width;
        Defaults.DefaultHeight = Height;
    }

    /// <summary>The template.</summary>
    public static Template Template()
    {
        var template = new Template();
        template.SetProperty("layout", JObject.FromObject(new
        {
            autotypenumbers = "strict",
            colorway = Palette.Series,
            font = new { family = "Inter, system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif", size = 13, color = "#222222" },
            title = new { x = 0, xref = "paper", font = new { size = 17 } },
            paper_bgcolor = "white",
            plot_bgcolor = "white",
            margin = new { t = 56, r = 24, b = 56, l = 72 },
            xaxis = Axis(),
            yaxis = Axis(),
        }));

        // Plotly takes these in turn: the second line of a chart is dashed with squares, so that colour is not all that tells it apart.
        template.SetProperty("data", JObject.FromObject(new
        {
            scatter = Dashes.Zip(Markers, (dash, symbol) => new { line = new { dash, width = 2 }, marker = new { symbol, size = 7 } }),
            bar = Patterns.Select(shape => new { marker = new { pattern = new { shape } } }),
            heatmap = new[] { new { colorscale = "Viridis", texttemplate = "%{z}", colorbar = new { outlinewidth = 0 } } },
        }));
        return template;
    }

    private static object Axis() => new
    {
        automargin = true,
        title = new { standoff = 12 },
        showline = true,
        linecolor = "#666666",
        gridcolor = "#e2e2e2",
        zeroline = false,
        ticks = "outside",
        separatethousands = true,
    };
}
