using Autoencoders.Training;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;
using static Autoencoders.Display.ChartData;
using static Autoencoders.Display.ChartLayout;
using static TorchSharp.torch;
using Draw = Plotly.NET.CSharp.Chart;

namespace Autoencoders.Display;

/// <summary>
/// The charts of the series, each a Plotly.NET chart in one style: what Plotly.NET and Plotly.NET.CSharp offer for
/// charts can follow, as can the <c>With</c> methods here, which serve any other chart of theirs as well.
/// </summary>
/// <remarks>As with Plotly.NET, what a <c>With</c> method returns is the chart that it was given, changed.</remarks>
public static class Charts
{
    private const int MostMarkers = 50;

    /// <summary>Lines, with a marker at each point where there are few. Points that are not finite are left out.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the horizontal axis measures, with its unit.</param>
    /// <param name="yAxis">What the vertical axis measures, with its unit.</param>
    /// <param name="lines">Each line: what it is called, and as many values across as up.</param>
    /// <exception cref="ArgumentException">There is no point to show, or a line has more values one way than the other.</exception>
    public static GenericChart Lines(string title, string xAxis, string yAxis, params IEnumerable<(string Name, double[] X, double[] Y)> lines)
    {
        var shown = Finite(title, lines);
        var chart = Combined(shown.Select(s => Draw.Line<double, double, string>(s.X, s.Y, ShowMarkers: s.X.Length <= MostMarkers, Name: s.Name, UseDefaults: false))).WithTitles(title, xAxis, yAxis);
        chart = EndsApart(shown) ? WithNamesAtEnds(chart, shown) : chart;
        double[] x = [.. shown.SelectMany(line => line.X)];

        // There is no epoch 1.5.
        return Array.TrueForAll(x, double.IsInteger) && x.Max() - x.Min() <= 8 ? WithAxis(chart, "xaxis", ("dtick", 1)) : chart;
    }

    /// <inheritdoc cref="Lines(string, string, string, IEnumerable{ValueTuple{string, double[], double[]}})"/>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the horizontal axis measures, with its unit.</param>
    /// <param name="yAxis">What the vertical axis measures, with its unit.</param>
    /// <param name="lines">Each line: what it is called, and its points (N, 2), a row for each (x, y).</param>
    public static GenericChart Lines(string title, string xAxis, string yAxis, params IEnumerable<(string Name, Tensor Points)> lines) =>
        Lines(title, xAxis, yAxis, lines.Select(line => Columns(title, line)));

    /// <summary>Points, those of each set in a colour and with a marker of their own. Those that are not finite are left out.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the horizontal axis measures, with its unit.</param>
    /// <param name="yAxis">What the vertical axis measures, with its unit.</param>
    /// <param name="sets">Each set: what it is called, and as many values across as up.</param>
    /// <exception cref="ArgumentException">There is no point to show, or a set has more values one way than the other.</exception>
    public static GenericChart Points(string title, string xAxis, string yAxis, params IEnumerable<(string Name, double[] X, double[] Y)> sets) =>
        Combined(Finite(title, sets).Select(s => Draw.Point<double, double, string>(s.X, s.Y, Name: s.Name, Opacity: 0.75, UseDefaults: false))).WithTitles(title, xAxis, yAxis);

    /// <inheritdoc cref="Points(string, string, string, IEnumerable{ValueTuple{string, double[], double[]}})"/>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the horizontal axis measures, with its unit.</param>
    /// <param name="yAxis">What the vertical axis measures, with its unit.</param>
    /// <param name="sets">Each set: what it is called, and its points (N, 2), a row for each (x, y).</param>
    public static GenericChart Points(string title, string xAxis, string yAxis, params IEnumerable<(string Name, Tensor Points)> sets) =>
        Points(title, xAxis, yAxis, sets.Select(set => Columns(title, set)));

    /// <summary>A bar for each label; of several sets, bars beside each other. A value that is not finite has no bar.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the labels are.</param>
    /// <param name="yAxis">What the bars' heights measure, with its unit.</param>
    /// <param name="labels">What stands below the bars.</param>
    /// <param name="sets">Each set: what it is called, and as many values as there are labels.</param>
    /// <exception cref="ArgumentException">There is no bar to show, or a set has more or fewer values than there are labels.</exception>
    public static GenericChart Bars(string title, string xAxis, string yAxis, IReadOnlyList<string> labels, params IEnumerable<(string Name, double[] Values)> sets)
    {
        // A bar's place among the labels stands for its x until bad values are gone.
        var shown = Finite(title, sets.Select(s => (s.Name, Enumerable.Range(0, labels.Count).Select(i => (double)i).ToArray(), s.Values)));
        var bars = shown.Select(s => Draw.Column<double, string, string>(s.Y, Keys: s.X.Select(i => labels[(int)i]).ToArray(), Name: s.Name, UseDefaults: false));
        return WithAxis(Combined(bars), "xaxis", ("type", "category"), ("categoryarray", labels)).WithTitles(title, xAxis, yAxis);
    }

    /// <summary>How often values fall between equally spaced bounds.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the values measure, with its unit.</param>
    /// <param name="values">A tensor of any shape.</param>
    /// <param name="bins">How many bars.</param>
    /// <param name="yAxis">What is counted.</param>
    /// <exception cref="ArgumentException">There is no value, or one that is not finite.</exception>
    public static GenericChart Histogram(string title, string xAxis, Tensor values, int bins = 40, string yAxis = "images") =>
        Histogram(title, xAxis, Numbers(values), bins, yAxis);

    /// <inheritdoc cref="Histogram(string, string, Tensor, int, string)"/>
    public static GenericChart Histogram(string title, string xAxis, double[] values, int bins = 40, string yAxis = "images") =>
        Histogram(title, xAxis, yAxis, bins, ("", values));

    /// <summary>How often the values of several sets fall between the same equally spaced bounds.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the values measure, with its unit.</param>
    /// <param name="yAxis">What is counted.</param>
    /// <param name="bins">How many bars.</param>
    /// <param name="sets">Each set with its name.</param>
    /// <exception cref="ArgumentException">There is no value, or one that is not finite.</exception>
    public static GenericChart Histogram(string title, string xAxis, string yAxis, int bins, params IEnumerable<(string Name, double[] Values)> sets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var all = sets.ToList();
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in all.SelectMany(s => s.Values))
        {
            (low, high) = double.IsFinite(value)
                ? (Math.Min(low, value), Math.Max(high, value))
                : throw new ArgumentException($"The histogram \"{title}\" needs finite values, and {value} is not.", nameof(sets));
        }

        // Counted here and not by plotly.js, which would have to be handed millions of pixels. Values that differ in their last bits are equal.
        var width = high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) ? (high - low) / bins : 1;
        double[] centres = [.. Enumerable.Range(0, bins).Select(i => low + (i + 0.5) * width)];
        var bars = Finite(title, all.Select(s => (s.Name, centres, s.Values.Length > 0 ? Counts(s.Values, low, width, bins) : [.. centres.Select(_ => double.NaN)])));
        var chart = Combined(bars.Select(s => Draw.Column<double, double, string>(s.Y, Keys: s.X, Name: s.Name, Opacity: all.Count > 1 ? 0.6 : 1.0, UseDefaults: false)));
        return WithLayout(chart, ("barmode", "overlay"), ("bargap", 0.02)).WithTitles(title, xAxis, yAxis);
    }

    /// <summary>Training and validation loss by epoch.</summary>
    /// <param name="history">The training.</param>
    /// <param name="loss">What the loss is, with its unit.</param>
    /// <param name="floor">The loss that no model can go below, drawn as a line.</param>
    /// <exception cref="ArgumentException">No epoch has a finite loss.</exception>
    public static GenericChart TrainingCurves(TrainingHistory history, string loss = "loss", double? floor = null) =>
        WithFloor(Lines("Loss by epoch", "epoch", loss, Curves("", history)), floor);

    /// <summary>Training and validation loss by epoch of several trainings, for comparison.</summary>
    /// <param name="loss">What the loss is, with its unit.</param>
    /// <param name="floor">The loss that no model can go below, drawn as a line.</param>
    /// <param name="histories">Each training with its name.</param>
    /// <exception cref="ArgumentException">No epoch has a finite loss.</exception>
    public static GenericChart TrainingCurves(string loss, double? floor, params IEnumerable<(string Name, TrainingHistory History)> histories) =>
        WithFloor(Lines("Loss by epoch", "epoch", loss, histories.SelectMany(h => Curves(h.Name + ", ", h.History))), floor);

    /// <summary>The chart with a title, and with axes that say what they measure, with its unit.</summary>
    public static GenericChart WithTitles(this GenericChart chart, string title, string xAxis, string yAxis)
    {
        chart = WithLayout(chart, ("title", Titled(title)));
        return WithAxis(WithAxis(chart, "xaxis", ("title", Titled(xAxis))), "yaxis", ("title", Titled(yAxis)));
    }

    /// <summary>The chart with a horizontal axis whose steps multiply.</summary>
    public static GenericChart WithLogX(this GenericChart chart) => WithLogAxis(chart, "xaxis");

    /// <summary>The chart with a vertical axis whose steps multiply.</summary>
    public static GenericChart WithLogY(this GenericChart chart) => WithLogAxis(chart, "yaxis");

    /// <summary>The chart with a dashed horizontal line, whose name stands at its right end.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="name">What the line is.</param>
    /// <param name="y">A value of the vertical axis.</param>
    /// <exception cref="ArgumentException"><paramref name="y"/> is not finite.</exception>
    public static GenericChart WithReferenceLine(this GenericChart chart, string name, double y)
    {
        if (!double.IsFinite(y))
        {
            throw new ArgumentException($"The reference line \"{name}\" cannot be drawn at {y}.", nameof(y));
        }

        // A shape is as wide as the chart and has a name beside it; the axes reach as far as the unseen point, whose size is that of the name.
        var line = Set(new Shape(), ("type", "line"), ("xref", "paper"), ("x0", 0), ("x1", 1), ("y0", y), ("y1", y),
            ("line", Set(new Line(), ("color", Palette.Reference), ("dash", "dash"), ("width", 1.5))),
            ("label", Set(new ShapeLabel(), ("text", name), ("textposition", "end"), ("xanchor", "left"), ("yanchor", "middle"))));
        var point = Set(new Trace("scatter"), ("name", name), ("x", new[] { FirstX(chart) }), ("y", new[] { y }), ("mode", "markers"), ("hoverinfo", "skip"), ("showlegend", false),
            ("marker", Set(new Marker(), ("size", 18), ("opacity", 0))));
        return WithRoomRight(WithLayout(Draw.Combine([chart, GenericChart.ofTraceObject(false, point)]), ("shapes", new[] { line })), [name]);
    }

    private static Title Titled(string text) => Set(new Title(), ("text", text));

    private static GenericChart WithFloor(GenericChart chart, double? floor) => floor is { } y ? chart.WithReferenceLine("floor", y) : chart;

    private static (string Name, double[] X, double[] Y)[] Curves(string prefix, TrainingHistory history)
    {
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        return [($"{prefix}training", epochs, [.. history.Epochs.Select(e => e.TrainingLoss)]), ($"{prefix}validation", epochs, [.. history.Epochs.Select(e => e.ValidationLoss)])];
    }
}
