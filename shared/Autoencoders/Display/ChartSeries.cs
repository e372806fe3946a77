using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>One line, one class of points or one set of bars of a <see cref="Chart"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Where on the horizontal axis.</param>
/// <param name="Y">As many values on the vertical axis.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>As many values on the vertical axis as <see cref="X"/> has on the horizontal one.</summary>
    public IReadOnlyList<double> Y { get; } = Y.Count == X.Count
        ? Y
        : throw new ArgumentException($"The series \"{Name}\" has {X.Count} values across and {Y.Count} up: give as many.", nameof(Y));

    /// <summary>Values at 1, 2, 3 …, as for epochs.</summary>
    public ChartSeries(string name, IReadOnlyList<double> y)
        : this(name, [.. Enumerable.Range(1, y.Count).Select(i => (double)i)], y)
    {
    }

    /// <summary>The points of a tensor.</summary>
    /// <param name="name">What the legend calls them.</param>
    /// <param name="points">(N, 2): a row is (x, y).</param>
    public static ChartSeries Of(string name, Tensor points)
    {
        using var scope = NewDisposeScope();
        return new(name, Numbers(points.select(1, 0)), Numbers(points.select(1, 1)));
    }

    /// <summary>All numbers of a tensor, row by row.</summary>
    internal static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(float64).contiguous().data<double>().ToArray();
    }

    /// <summary>A reference line is thin, grey and dashed.</summary>
    internal bool IsReference { get; init; }
}
