namespace Autoencoders.Display;

/// <summary>How a <see cref="Chart"/> shows its series.</summary>
internal enum ChartKind
{
    Lines,
    Points,
    Bars,

    /// <summary>Bars that touch, those of several series before each other.</summary>
    Histogram,
}
