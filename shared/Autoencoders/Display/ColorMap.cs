using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>Gives each value between a lowest and a highest one a colour.</summary>
public sealed class ColorMap
{
    private readonly SKColor[] _stops;

    private ColorMap(float low, float high, params string[] stops)
    {
        (Low, High) = (low, high);
        _stops = [.. stops.Select(SKColor.Parse)];
    }

    /// <summary>0 is black, 1 is white: how MNIST digits are shown.</summary>
    public static ColorMap Gray { get; } = new(0, 1, "#000000", "#ffffff");

    /// <summary>The value at which the colours begin; lower ones get the same colour.</summary>
    public float Low { get; }

    /// <summary>The value at which the colours end; higher ones get the same colour.</summary>
    public float High { get; }

    internal string LowText { get; private init; } = "";

    internal string HighText { get; private init; } = "";

    /// <summary>Signed differences, for colour-blind readers too: −range is blue, 0 is white, range is vermilion.</summary>
    public static ColorMap Difference(float range = 1) =>
        new(-range, range, "#0072B2", "#ffffff", "#D55E00") { LowText = "too dark", HighText = "too bright" };

    /// <summary>Dark violet through green to yellow, even in lightness (viridis, Smith and van der Walt 2015, at nine points).</summary>
    public static ColorMap Viridis(float low, float high) =>
        new(low, high, "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725");

    /// <summary>The colour of <paramref name="value"/>; not-a-number gets that of the lowest.</summary>
    internal SKColor At(float value)
    {
        var part = High > Low ? (value - Low) / (High - Low) : 0;
        var place = float.IsNaN(part) ? 0 : Math.Clamp(part, 0, 1) * (_stops.Length - 1);
        var stop = Math.Min((int)place, _stops.Length - 2);
        SKColor a = _stops[stop], b = _stops[stop + 1];
        return new SKColor(Mix(a.Red, b.Red), Mix(a.Green, b.Green), Mix(a.Blue, b.Blue));

        byte Mix(byte from, byte to) => (byte)MathF.Round(from + (to - from) * (place - stop));
    }
}
