using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>The colours of charts and diagrams.</summary>
internal static class Palette
{
    /// <summary>Ten colours: those that colour-blind readers can tell apart (Okabe and Ito, 2008), with an olive for their yellow, which is lost on white, a grey and a wine red.</summary>
    public static readonly IReadOnlyList<string> Series =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#A89F00", "#7F7F7F", "#882255"];

    /// <summary>The colour of reference lines.</summary>
    public const string Reference = "#555555";

    public static readonly SKColor Ink = new(0x22, 0x22, 0x22);
    public static readonly SKColor Pale = new(0x66, 0x66, 0x66);
    public static readonly SKColor Grid = new(0xe2, 0xe2, 0xe2);
    public static readonly SKColor Paper = SKColors.White;

    /// <summary>The colour of the series at <paramref name="index"/>; ten, for the ten digits, then over again.</summary>
    public static string Of(int index) => Series[index % Series.Count];
}
