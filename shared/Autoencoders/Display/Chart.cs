using Autoencoders.Training;
using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>
/// A chart of 700 by 400 pixels with a title and labelled axes: interactive (Plotly) as HTML once
/// <see cref="Notebook.Setup"/> has brought the chart library, and a still picture as PNG.
/// </summary>
public sealed class Chart : IPicture
{
    internal const int Width = 700, Height = 400;

    private Chart(ChartKind kind, string title, string xAxis, string yAxis, IReadOnlyList<ChartSeries> series)
    {
        (Kind, Title, XAxis, YAxis, Series) = (kind, title, xAxis, yAxis, series);
        if (!series.Any(s => s.Y.Count > 0))
        {
            throw new ArgumentException($"The chart \"{title}\" has nothing to show: every series is empty.", nameof(series));
        }
    }

    internal ChartKind Kind { get; }

    internal string Title { get; }

    internal string XAxis { get; }

    internal string YAxis { get; }

    internal IReadOnlyList<ChartSeries> Series { get; private init; }

    internal IReadOnlyList<string> Labels { get; private init; } = [];

    internal bool IsLogX { get; private init; }

    internal bool IsLogY { get; private init; }

    /// <summary>The values that the horizontal axis has to reach: finite ones, and on a logarithmic axis positive ones.</summary>
    internal IReadOnlyList<double> ShownX => [.. Series.SelectMany(s => s.X).Where(x => double.IsFinite(x) && (!IsLogX || x > 0))];

    /// <summary>The same for the vertical axis.</summary>
    internal IReadOnlyList<double> ShownY => [.. Series.SelectMany(s => s.Y).Where(y => double.IsFinite(y) && (!IsLogY || y > 0))];

    /// <summary>Lines with a marker at each point.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the horizontal axis measures, with its unit.</param>
    /// <param name="yAxis">What the vertical axis measures, with its unit.</param>
    /// <param name="series">The lines.</param>
    /// <exception cref="ArgumentException">There is no point to show.</exception>
    public static Chart Lines(string title, string xAxis, string yAxis, params ChartSeries[] series) =>
        new(ChartKind.Lines, title, xAxis, yAxis, series);

    /// <summary>Points, those of each series in a colour and with a marker of their own.</summary>
    /// <inheritdoc cref="Lines"/>
    public static Chart Scatter(string title, string xAxis, string yAxis, params ChartSeries[] series) =>
        new(ChartKind.Points, title, xAxis, yAxis, series);

    /// <summary>A bar for each label; of several series, bars beside each other.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the labels are.</param>
    /// <param name="yAxis">What the bars' heights measure, with its unit.</param>
    /// <param name="labels">What stands below the bars.</param>
    /// <param name="series">As many values as there are labels.</param>
    /// <exception cref="ArgumentException">A series has more or fewer values than there are labels.</exception>
    public static Chart Bars(string title, string xAxis, string yAxis, IReadOnlyList<string> labels, params ChartSeries[] series) =>
        series.FirstOrDefault(s => s.Y.Count != labels.Count) is { } bad
            ? throw new ArgumentException($"The series \"{bad.Name}\" has {bad.Y.Count} values for {labels.Count} labels.", nameof(series))
            : new(ChartKind.Bars, title, xAxis, yAxis, series) { Labels = labels };

    /// <summary>How often values fall between equally spaced bounds.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the values measure, with its unit.</param>
    /// <param name="values">A tensor of any shape.</param>
    /// <param name="bins">How many bars.</param>
    /// <param name="yAxis">What is counted.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Chart Histogram(string title, string xAxis, Tensor values, int bins = 40, string yAxis = "images") =>
        Histogram(title, xAxis, ChartSeries.Numbers(values), bins, yAxis);

    /// <summary>How often values fall between equally spaced bounds.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the values measure, with its unit.</param>
    /// <param name="values">The values.</param>
    /// <param name="bins">How many bars.</param>
    /// <param name="yAxis">What is counted.</param>
    /// <exception cref="ArgumentException">There is no value, or one that is not finite.</exception>
    public static Chart Histogram(string title, string xAxis, double[] values, int bins = 40, string yAxis = "images") =>
        Histogram(title, xAxis, yAxis, bins, ("", values));

    /// <summary>How often the values of several sets fall between the same equally spaced bounds.</summary>
    /// <param name="title">What the chart shows.</param>
    /// <param name="xAxis">What the values measure, with its unit.</param>
    /// <param name="yAxis">What is counted.</param>
    /// <param name="bins">How many bars.</param>
    /// <param name="sets">Each set with its name.</param>
    /// <exception cref="ArgumentException">There is no value, or one that is not finite.</exception>
    public static Chart Histogram(string title, string xAxis, string yAxis, int bins, params (string Name, IReadOnlyList<double> Values)[] sets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var all = sets.SelectMany(s => s.Values).DefaultIfEmpty(double.NaN).ToList();
        if (!all.TrueForAll(double.IsFinite))
        {
            throw new ArgumentException($"The histogram \"{title}\" needs values, all of them finite.", nameof(sets));
        }

        double low = all.Min(), width = all.Max() > low ? (all.Max() - low) / bins : 1;
        double[] centres = [.. Enumerable.Range(0, bins).Select(i => low + (i + 0.5) * width)];
        return new(ChartKind.Histogram, title, xAxis, yAxis, [.. sets.Select(s => new ChartSeries(s.Name, centres, Counts(s.Values, low, width, bins)))]);
    }

    /// <summary>Training and validation loss by epoch.</summary>
    /// <param name="history">The training.</param>
    /// <param name="loss">What the loss is, with its unit.</param>
    /// <param name="floor">The loss that no model can go below, drawn as a line.</param>
    public static Chart TrainingCurves(TrainingHistory history, string loss = "loss", double? floor = null) =>
        WithFloor(Lines("Loss by epoch", "epoch", loss, Curves("", history)), floor);

    /// <summary>Training and validation loss by epoch of several trainings, for comparison.</summary>
    /// <param name="loss">What the loss is, with its unit.</param>
    /// <param name="floor">The loss that no model can go below, drawn as a line.</param>
    /// <param name="histories">Each training with its name.</param>
    public static Chart TrainingCurves(string loss, double? floor, params (string Name, TrainingHistory History)[] histories) =>
        WithFloor(Lines("Loss by epoch", "epoch", loss, [.. histories.SelectMany(h => Curves(h.Name + ", ", h.History))]), floor);

    /// <summary>The same chart with a horizontal axis whose steps multiply.</summary>
    public Chart LogX() => new(Kind, Title, XAxis, YAxis, Series) { Labels = Labels, IsLogX = true, IsLogY = IsLogY };

    /// <summary>The same chart with a vertical axis whose steps multiply.</summary>
    public Chart LogY() => new(Kind, Title, XAxis, YAxis, Series) { Labels = Labels, IsLogX = IsLogX, IsLogY = true };

    /// <summary>The same chart with a dashed horizontal line at <paramref name="y"/>.</summary>
    /// <param name="name">What the legend calls the line.</param>
    /// <param name="y">A value of the vertical axis.</param>
    public Chart WithLine(string name, double y)
    {
        var all = Series.SelectMany(s => s.X).DefaultIfEmpty(0).ToList();
        var line = new ChartSeries(name, [all.Min(), all.Max()], [y, y]) { IsReference = true };
        return new(Kind, Title, XAxis, YAxis, [.. Series, line]) { Labels = Labels, IsLogX = IsLogX, IsLogY = IsLogY };
    }

    /// <inheritdoc/>
    public byte[] ToPng() => new ChartPicture(this).ToPng();

    /// <inheritdoc/>
    public string ToHtml() => PlotlyChart.ToHtml(this);

    /// <inheritdoc/>
    public override string ToString()
    {
        var names = string.Join("; ", Series.Where(s => s.Name.Length > 0).Select(s => s.Name));
        return $"Chart \"{Title}\", {YAxis} by {XAxis}{(names.Length > 0 ? ": " + names : "")}";
    }

    private static Chart WithFloor(Chart chart, double? floor) => floor is { } y ? chart.WithLine("floor", y) : chart;

    private static ChartSeries[] Curves(string prefix, TrainingHistory history)
    {
        double[] epochs = [.. history.Epochs.Select(e => (double)e.Epoch)];
        return [new($"{prefix}training", epochs, [.. history.Epochs.Select(e => e.TrainingLoss)]), new($"{prefix}validation", epochs, [.. history.Epochs.Select(e => e.ValidationLoss)])];
    }

    private static double[] Counts(IReadOnlyList<double> values, double low, double width, int bins)
    {
        var counts = new double[bins];
        foreach (var value in values)
        {
            counts[Math.Min((int)((value - low) / width), bins - 1)]++;
        }

        return counts;
    }
}
