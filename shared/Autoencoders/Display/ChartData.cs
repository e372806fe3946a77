using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>Numbers on their way into a chart: what can be drawn of them, and in which form.</summary>
internal static class ChartData
{
    /// <summary>The series without the points that are not finite, and without series that have none left.</summary>
    /// <exception cref="ArgumentException">No point is left, or a series has more values one way than the other.</exception>
    public static (string Name, double[] X, double[] Y)[] Finite(string title, IEnumerable<(string Name, double[] X, double[] Y)> series)
    {
        (string Name, double[] X, double[] Y)[] finite = [.. series.Select(s => Finite(title, s)).Where(s => s.X.Length > 0)];
        return finite.Length > 0 ? finite : throw new ArgumentException($"The chart \"{title}\" has nothing to show: it was given no finite value.", nameof(series));
    }

    /// <summary>Whether all lines end at the same x, far enough from each other for a name at each end: on a logarithmic axis as well.</summary>
    public static bool EndsApart(IReadOnlyCollection<(string Name, double[] X, double[] Y)> lines)
    {
        var right = lines.Max(line => line.X.Max());
        return lines.Count > 1 && lines.All(line => line.X[^1] == right) && Apart(lines, y => y) && (lines.Any(line => line.Y.Min() <= 0) || Apart(lines, Math.Log));
    }

    /// <summary>The columns of a tensor (N, 2).</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static (string Name, double[] X, double[] Y) Columns(string title, (string Name, Tensor Points) series)
    {
        using var scope = NewDisposeScope();
        return series.Points.dim() == 2 && series.Points.shape[1] == 2
            ? (series.Name, Numbers(series.Points.select(1, 0)), Numbers(series.Points.select(1, 1)))
            : throw new ArgumentException($"The chart \"{title}\" needs points of the shape (N, 2); \"{series.Name}\" has ({string.Join(", ", series.Points.shape)}).", nameof(series));
    }

    /// <summary>All numbers of a tensor, row by row.</summary>
    public static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(float64).contiguous().data<double>().ToArray();
    }

    /// <summary>How many values fall into each of <paramref name="bins"/> parts of the given width; the highest value belongs to the last.</summary>
    public static double[] Counts(double[] values, double low, double width, int bins)
    {
        var counts = new double[bins];
        foreach (var value in values)
        {
            counts[Math.Min((int)((value - low) / width), bins - 1)]++;
        }

        return counts;
    }

    private static (string Name, double[] X, double[] Y) Finite(string title, (string Name, double[] X, double[] Y) series)
    {
        if (series.X.Length != series.Y.Length)
        {
            throw new ArgumentException($"The chart \"{title}\" has {series.X.Length} places for the {series.Y.Length} values of \"{series.Name}\": give as many.", nameof(series));
        }

        var finite = series.X.Zip(series.Y).Where(p => double.IsFinite(p.First) && double.IsFinite(p.Second)).ToList();
        return (series.Name, [.. finite.Select(p => p.First)], [.. finite.Select(p => p.Second)]);
    }

    private static bool Apart(IEnumerable<(string Name, double[] X, double[] Y)> lines, Func<double, double> scale)
    {
        const double LineOfText = 0.07;
        var all = lines.SelectMany(line => line.Y).Select(scale).ToList();
        var ends = lines.Select(line => scale(line.Y[^1])).Order().ToList();
        return ends.Zip(ends.Skip(1)).All(pair => pair.Second - pair.First > LineOfText * (all.Max() - all.Min()));
    }
}
