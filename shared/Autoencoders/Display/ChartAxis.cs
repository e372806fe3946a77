using System.Globalization;

namespace Autoencoders.Display;

/// <summary>Places values between two pixels, and finds round numbers to label them with.</summary>
internal sealed class ChartAxis
{
    private readonly bool _log, _whole;
    private readonly double _low, _high;
    private readonly int _start, _end;

    /// <summary>An axis over all <paramref name="values"/>, and a part <paramref name="room"/> more at either end (above, at least).</summary>
    public ChartAxis(IReadOnlyList<double> values, bool log, int start, int end, double room)
    {
        (_log, _start, _end) = (log, start, end);
        _whole = values.All(double.IsInteger);
        double low = values.Count > 0 ? Scale(values.Min()) : 0, high = values.Count > 0 ? Scale(values.Max()) : 1;
        var span = high > low ? high - low : Math.Max(Math.Abs(high), 1);
        (_low, _high) = (low - span * room, high + span * (room > 0 || start < end ? room : 0.05));
        _high = _high > _low ? _high : _low + 1;
    }

    /// <summary>The pixel of <paramref name="value"/>.</summary>
    public float At(double value) => (float)(_start + (Scale(value) - _low) / (_high - _low) * (_end - _start));

    /// <summary>Round values within the axis, with their texts.</summary>
    public IEnumerable<(double Value, string Text)> Ticks() => (_log ? LogTicks() : LinearTicks()).Select(t => (t, Text(t)));

    private double Scale(double value) => _log ? Math.Log10(value) : value;

    private IEnumerable<double> LinearTicks()
    {
        var rough = (_high - _low) / 8;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1, 2, 5, 10 }.First(m => m * power >= rough * 0.999) * power;
        step = _whole ? Math.Max(step, 1) : step;
        for (var i = Math.Ceiling(_low / step - 1e-9); i <= _high / step + 1e-9; i++)
        {
            yield return i * step;
        }
    }

    private IEnumerable<double> LogTicks()
    {
        int[] factors = _high - _low > 2.5 ? [1] : [1, 2, 5];
        return from power in Enumerable.Range((int)Math.Floor(_low), (int)(_high - _low) + 3)
               from factor in factors
               let value = factor * Math.Pow(10, power)
               where Math.Log10(value) >= _low - 1e-9 && Math.Log10(value) <= _high + 1e-9
               select value;
    }

    private static string Text(double value)
    {
        var rounded = Math.Abs(value) < 1e-12 ? 0 : value;
        return (Math.Abs(rounded) is >= 1e7 or (> 0 and < 1e-4) ? rounded.ToString("0.#e0", CultureInfo.InvariantCulture) : rounded.ToString("#,0.#####", CultureInfo.InvariantCulture)).Replace('-', '−');
    }
}
