namespace Autoencoders.Compression;

/// <summary>The first layer of the synthesis network as tables: what each symbol adds to the sums of the cells around it.</summary>
internal sealed class SynthesisFirstLayer
{
    private const int Side = IntegerConvolution.Side, PaddedSide = IntegerConvolution.PaddedSide, Taps = 9, FinestUnit = 11;

    private readonly ContextShape _shape;
    private readonly int _channels, _width, _places;
    private readonly double[] _weights;

    /// <param name="shape">The measures of the code.</param>
    /// <param name="weights">(channels, symbols in a cell, 3, 3).</param>
    /// <param name="bias">(channels).</param>
    /// <param name="position">(channels, 7, 7): added to the sums.</param>
    /// <exception cref="ArgumentException">The weights are so large that a sum could overflow.</exception>
    public SynthesisFirstLayer(ContextShape shape, double[] weights, double[] bias, double[] position)
    {
        (_shape, _channels, _weights) = (shape, bias.Length, weights);
        (_width, _places) = (IntegerConvolution.Padded(_channels), weights.Length / (_channels * Taps));
        var background = ForBackground(bias, position);
        for (UnitBits = FinestUnit; ; UnitBits--)
        {
            (Background, Symbols) = (Rounded(background), Rounded(ForSymbols()));
            Largest = Bounds();
            if (Largest.Max() < short.MaxValue)
            {
                return;
            }

            if (UnitBits == 0)
            {
                throw new ArgumentException("The weights of the synthesis network's first layer are so large that a sum could overflow.", nameof(weights));
            }
        }
    }

    /// <summary>Sums are in units of 2 to the minus this.</summary>
    public int UnitBits { get; }

    /// <summary>(9, 9, width): the sums where all symbols are 0.</summary>
    public short[] Background { get; }

    /// <summary>(levels - 1, symbols in a cell, 3, 3, width): what symbol 1, 2, … at each place of a cell adds to the cells around it.</summary>
    public short[] Symbols { get; }

    /// <summary>The largest sum of each channel, either sign, that any symbols can make.</summary>
    public int[] Largest { get; }

    private double[] ForBackground(double[] bias, double[] position)
    {
        var lowest = -(_shape.Levels - 1) / 2.0;
        var sums = new double[PaddedSide * PaddedSide * _width];
        for (var i = 0; i < _channels * Side * Side; i++)
        {
            var (channel, cell) = Math.DivRem(i, Side * Side);
            var (row, column) = Math.DivRem(cell, Side);
            var sum = bias[channel] + position[i];
            for (var tap = 0; tap < Taps; tap++)
            {
                var inside = row + tap / 3 - 1 is >= 0 and < Side && column + tap % 3 - 1 is >= 0 and < Side;
                for (var place = 0; inside && place < _places; place++)
                {
                    sum += lowest * Weight(channel, place, tap);
                }
            }

            sums[((row + 1) * PaddedSide + column + 1) * _width + channel] = sum;
        }

        return sums;
    }

    private double[] ForSymbols()
    {
        var sums = new double[(_shape.Levels - 1) * _places * Taps * _width];
        for (var i = 0; i < sums.Length; i++)
        {
            var (rest, channel) = Math.DivRem(i, _width);
            if (channel < _channels)
            {
                // A cell that lies below and to the right of a symbol sees it above and to the left.
                var (index, tap) = (rest / Taps, Taps - 1 - rest % Taps);
                sums[i] = (index / _places + 1) * Weight(channel, index % _places, tap);
            }
        }

        return sums;
    }

    private double Weight(int channel, int place, int tap) => _weights[(channel * _places + place) * Taps + tap];

    private short[] Rounded(double[] values) =>
        [.. values.Select(value => (short)Math.Clamp(Math.Round(Math.ScaleB(value, UnitBits)), -short.MaxValue, short.MaxValue))];

    private int[] Bounds()
    {
        var bounds = new int[_channels];
        for (var channel = 0; channel < _channels; channel++)
        {
            for (var cell = 0; cell < PaddedSide * PaddedSide; cell++)
            {
                bounds[channel] = Math.Max(bounds[channel], Math.Abs((int)Background[cell * _width + channel]));
            }

            for (var place = 0; place < _places * Taps; place++)
            {
                bounds[channel] += LargestOf(place, channel);
            }
        }

        return bounds;
    }

    private int LargestOf(int place, int channel)
    {
        var largest = 0;
        for (var level = 0; level < _shape.Levels - 1; level++)
        {
            largest = Math.Max(largest, Math.Abs((int)Symbols[(level * _places * Taps + place) * _width + channel]));
        }

        return largest;
    }
}
