using System.Security.Cryptography;
using System.Text;
using Plotly.NET;
using static Plotly.NET.StyleParam;
using Draw = Plotly.NET.CSharp.Chart;

namespace Autoencoders.Display;

/// <summary>Turns a <see cref="Chart"/> into Plotly's traces and layout, and those into HTML.</summary>
internal static class PlotlyChart
{
    private static readonly DrawingStyle[] Dashes = [DrawingStyle.Solid, DrawingStyle.Dash, DrawingStyle.Dot, DrawingStyle.DashDot, DrawingStyle.LongDash];
    private static readonly MarkerSymbol[] Markers = [MarkerSymbol.Circle, MarkerSymbol.Square, MarkerSymbol.Diamond, MarkerSymbol.TriangleUp, MarkerSymbol.X];
    private static readonly PatternShape[] Patterns = [PatternShape.None, PatternShape.DiagonalAscending, PatternShape.Dots, PatternShape.DiagonalDescending];

    // Charts are found by their content: the same chart twice on a page, or left from an earlier run, is drawn in both places.
    private const string Script = """
        <script>(function () {
          const figure = FIGURE, tries = 50;
          function draw(left) {
            for (const box of document.querySelectorAll('[data-chart="KEY"]')) {
              if (box.dataset.drawn) continue;
              if (window.Plotly) { box.dataset.drawn = 1; box.textContent = ''; window.Plotly.newPlot(box, figure.data, figure.layout, { displaylogo: false }); }
              else if (!left) box.textContent = 'This chart needs the chart library: run the first cell of this notebook, which loads it, then this cell again.';
            }
            if (left && !window.Plotly) setTimeout(() => draw(left - 1), 200);
          }
          draw(tries);
        })();</script>
        """;

    /// <summary>The chart's place on the page, and the script that draws it there.</summary>
    public static string ToHtml(Chart chart)
    {
        var json = Html.ScriptSafe(ToJson(chart));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
        var box = $"""<div class="plotly-chart" data-chart="{key}" style="width:{Chart.Width}px;height:{Chart.Height}px;max-width:100%;background:#fff;color:#222" role="img" aria-label="{Html.Encode(chart.Title)}"></div>""";
        return box + Script.Replace("KEY", key, StringComparison.Ordinal).Replace("FIGURE", json, StringComparison.Ordinal);
    }

    /// <summary>Plotly's figure: <c>{"data": …, "layout": …}</c>.</summary>
    internal static string ToJson(Chart chart)
    {
        var traces = chart.Series.Select((series, i) => Trace(chart, series, i));
        return GenericChart.toFigureJson(GenericChart.setLayout(Layout(chart), Draw.Combine(traces)));
    }

    private static GenericChart Trace(Chart chart, ChartSeries series, int index)
    {
        var color = Color.fromString(series.IsReference ? Palette.Reference : Palette.Of(index));
        var named = series.Name.Length > 0;
        if (series.IsReference)
        {
            return chart.Labels.Count > 0
                ? Draw.Line<string, double, string>([chart.Labels[0], chart.Labels[^1]], series.Y, Name: series.Name, LineColor: color, LineDash: DrawingStyle.Dash, UseDefaults: false)
                : Draw.Line<double, double, string>(series.X, series.Y, Name: series.Name, LineColor: color, LineDash: DrawingStyle.Dash, UseDefaults: false);
        }

        return chart.Kind switch
        {
            ChartKind.Lines => Draw.Line<double, double, string>(series.X, series.Y, ShowMarkers: series.X.Count <= 50, Name: series.Name, ShowLegend: named,
                LineColor: color, LineWidth: 2, LineDash: Dashes[index % Dashes.Length], MarkerColor: color, MarkerSymbol: Markers[index % Markers.Length], UseDefaults: false),
            ChartKind.Points => Draw.Point<double, double, string>(series.X, series.Y, Name: series.Name, ShowLegend: named,
                MarkerColor: color, MarkerSymbol: Markers[index % Markers.Length], Opacity: 0.75, UseDefaults: false),
            ChartKind.Bars => Draw.Column<double, string, string>(series.Y.ToList(), Keys: chart.Labels.ToList(), Name: series.Name, ShowLegend: named,
                MarkerColor: color, MarkerPatternShape: Patterns[index % Patterns.Length], UseDefaults: false),
            _ => Draw.Column<double, double, string>(series.Y.ToList(), Keys: series.X.ToList(), Name: series.Name, ShowLegend: named,
                MarkerColor: color, MarkerPatternShape: Patterns[index % Patterns.Length], Opacity: chart.Series.Count > 1 ? 0.6 : 1.0, UseDefaults: false),
        };
    }

    private static Layout Layout(Chart chart)
    {
        var layout = new Layout();
        Set(layout, ("title", Of(("text", chart.Title), ("x", 0), ("xref", "paper"), ("font", Of(("size", 17))))), ("width", Chart.Width), ("height", Chart.Height),
            ("paper_bgcolor", "white"), ("plot_bgcolor", "white"), ("font", Of(("color", "#222222"), ("family", "Inter, system-ui, sans-serif"))),
            ("margin", Of(("t", 56), ("r", 24), ("b", 56), ("l", 72))), ("bargap", chart.Kind == ChartKind.Histogram ? 0.02 : 0.2),
            ("barmode", chart.Kind == ChartKind.Histogram ? "overlay" : "group"),
            ("xaxis", chart.Labels.Count > 0 ? Axis(chart.XAxis, "category") : Axis(chart.XAxis, chart.ShownX, chart.IsLogX)),
            ("yaxis", Axis(chart.YAxis, chart.ShownY, chart.IsLogY)));
        return layout;
    }

    private static DynamicObj.DynamicObj Axis(string title, IReadOnlyList<double> values, bool log)
    {
        var axis = Axis(title, log ? "log" : "linear");
        if (log)
        {
            // Plotly labels every digit between two powers of ten.
            var ticks = new ChartAxis(values, log, 0, 1, 0.1).Ticks().ToList();
            Set(axis, ("tickvals", ticks.ConvertAll(t => t.Value)), ("ticktext", ticks.ConvertAll(t => t.Text)));
        }
        else if (values.All(double.IsInteger) && values.DefaultIfEmpty(0).Max() - values.DefaultIfEmpty(0).Min() is > 0 and <= 8)
        {
            // There is no epoch 1.5.
            Set(axis, ("dtick", 1));
        }

        return axis;
    }

    private static DynamicObj.DynamicObj Axis(string title, string type) => Of(
        ("title", Of(("text", title))), ("type", type), ("automargin", true), ("showline", true), ("linecolor", "#666666"),
        ("gridcolor", "#e2e2e2"), ("zeroline", false), ("ticks", "outside"), ("separatethousands", true));

    private static DynamicObj.DynamicObj Of(params (string Name, object Value)[] properties)
    {
        var made = new DynamicObj.DynamicObj();
        Set(made, properties);
        return made;
    }

    private static void Set(DynamicObj.DynamicObj target, params (string Name, object Value)[] properties)
    {
        foreach (var (name, value) in properties)
        {
            target.SetProperty(name, value);
        }
    }
}
