using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A 3x3 convolution over 7x7 cells in integers: 16-bit activations times 16-bit weights, summed in 32 bits, which cannot overflow.</summary>
internal sealed class IntegerConvolution
{
    /// <summary>Cells along the side, without and with a border of zeros around them.</summary>
    public const int Side = 7, PaddedSide = Side + 2;

    /// <summary>Channels come in multiples of this.</summary>
    public const int Block = 16;

    private const int Taps = 9;
    private readonly int _inputs, _outputs;
    private readonly short[] _weights;

    /// <summary>Rounds weights to integers, as fine as the sums' 32 bits allow.</summary>
    /// <param name="weights">(outputs, inputs, 3, 3).</param>
    /// <param name="inputs">Channels of the input; what is missing to a multiple of 16 is filled up with zeros, and so it is for the outputs.</param>
    /// <param name="largest">The largest activation of each input that can come, as an integer.</param>
    /// <param name="largestBias">The largest amount that a sum starts from, in units of a product of an activation of 1 and a weight of 1.0.</param>
    /// <exception cref="ArgumentException">The weights are too large.</exception>
    public IntegerConvolution(double[] weights, int inputs, ReadOnlySpan<int> largest, double largestBias)
    {
        (_inputs, _outputs) = (Padded(inputs), Padded(weights.Length / (inputs * Taps)));
        WeightBits = FinestUnit(weights, inputs, largest, largestBias);
        _weights = new short[_inputs * _outputs * Taps];
        for (var i = 0; i < weights.Length; i++)
        {
            var (channel, tap) = Math.DivRem(i, Taps);
            _weights[Index(channel / inputs, channel % inputs, tap)] = (short)Math.Round(Math.ScaleB(weights[i], WeightBits));
        }
    }

    /// <summary>Weights are in units of 2 to the minus this.</summary>
    public int WeightBits { get; }

    /// <summary>Channels of the output, zeros included.</summary>
    public int Outputs => _outputs;

    /// <summary>So many channels, filled up to whole blocks.</summary>
    public static int Padded(int channels) => (channels + Block - 1) / Block * Block;

    /// <summary>Adds the convolution of the activations to the sums.</summary>
    /// <param name="activations">(9, 9, inputs): 7x7 cells with a border of zeros.</param>
    /// <param name="sums">(7, 7, outputs).</param>
    public void AddTo(ReadOnlySpan<short> activations, Span<int> sums)
    {
        if (activations.Length != PaddedSide * PaddedSide * _inputs || sums.Length != Side * Side * _outputs)
        {
            throw new ArgumentException($"A convolution of {_inputs} to {_outputs} channels got {activations.Length} activations and {sums.Length} sums.", nameof(activations));
        }

        ref var source = ref Unsafe.As<short, int>(ref Unsafe.AsRef(in activations[0]));
        for (var block = 0; block < _outputs; block += Block)
        {
            for (var row = 0; row < Side; row++)
            {
                AddRow(ref source, row, ref _weights[block * _inputs * Taps], ref sums[row * Side * _outputs + block]);
            }
        }
    }

    // One row of cells, 16 channels of each: seven vectors of sums stay in registers while weights and activations pass by.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRow(ref int activations, int row, ref short weights, ref int sums)
    {
        var (pairs, step) = ((nuint)(_inputs / 2), (nuint)_outputs);
        var (a, b, c) = (Vector512.LoadUnsafe(ref sums), Vector512.LoadUnsafe(ref sums, step), Vector512.LoadUnsafe(ref sums, 2 * step));
        var (d, e, f) = (Vector512.LoadUnsafe(ref sums, 3 * step), Vector512.LoadUnsafe(ref sums, 4 * step), Vector512.LoadUnsafe(ref sums, 5 * step));
        var g = Vector512.LoadUnsafe(ref sums, 6 * step);
        // The rows of zeros above the first and below the last add nothing.
        for (var tap = row == 0 ? 3 : 0; tap < (row == Side - 1 ? 6 : Taps); tap++)
        {
            ref var weight = ref Unsafe.Add(ref weights, tap * _inputs * Block);
            ref var pair = ref Unsafe.Add(ref activations, (nuint)((row + tap / 3) * PaddedSide + tap % 3) * pairs);
            for (nuint i = 0; i < pairs; i++)
            {
                var both = Vector512.LoadUnsafe(ref weight, i * 2 * Block);
                a += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i)).AsInt16(), both);
                b += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + pairs)).AsInt16(), both);
                c += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + 2 * pairs)).AsInt16(), both);
                d += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + 3 * pairs)).AsInt16(), both);
                e += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + 4 * pairs)).AsInt16(), both);
                f += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + 5 * pairs)).AsInt16(), both);
                g += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pair, i + 6 * pairs)).AsInt16(), both);
            }
        }

        a.StoreUnsafe(ref sums);
        b.StoreUnsafe(ref sums, step);
        c.StoreUnsafe(ref sums, 2 * step);
        d.StoreUnsafe(ref sums, 3 * step);
        e.StoreUnsafe(ref sums, 4 * step);
        f.StoreUnsafe(ref sums, 5 * step);
        g.StoreUnsafe(ref sums, 6 * step);
    }

    // Block by block of 16 outputs, tap by tap, pair by pair of inputs: in the order in which AddRow reads them.
    private int Index(int output, int input, int tap) =>
        (output / Block * Taps + tap) * _inputs * Block + input / 2 * 2 * Block + output % Block * 2 + input % 2;

    private static int FinestUnit(double[] weights, int inputs, ReadOnlySpan<int> largest, double largestBias)
    {
        for (var bits = 14; bits >= 0; bits--)
        {
            if (Fits(weights, inputs, largest, largestBias, bits))
            {
                return bits;
            }
        }

        throw new ArgumentException("The weights of the synthesis network are so large that a sum could overflow.", nameof(weights));
    }

    private static bool Fits(double[] weights, int inputs, ReadOnlySpan<int> largest, double largestBias, int bits)
    {
        const double room = 1 << 20;
        var unit = Math.ScaleB(1, bits);
        for (var output = 0; output < weights.Length; output += inputs * Taps)
        {
            var sum = largestBias * unit;
            for (var i = 0; i < inputs * Taps; i++)
            {
                var weight = Math.Abs(Math.Round(weights[output + i] * unit));
                sum += weight * largest[i / Taps];
                if (weight > short.MaxValue || sum > int.MaxValue - room)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
