using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Autoencoders.Compression;

/// <summary>A dense layer in integers: sums of 16-bit activations times 16-bit weights, in 32 bits, which cannot overflow.</summary>
internal sealed class IntegerLayer
{
    /// <summary>Weights are in units of 2 to the minus this.</summary>
    public const int WeightBits = 10;

    /// <summary>Activations are in units of 1/128, and at most 64.</summary>
    public const short LargestActivation = 8191;

    private const int Lanes = 8;
    private readonly int _inputs, _paddedOutputs;
    private readonly short[] _weights;
    private readonly int[] _bias;

    /// <summary>Lays out the weights for use.</summary>
    /// <param name="weights">Output by output, the weights of all inputs.</param>
    /// <param name="bias">One for each output, in units of 2^-17 (that of an activation times that of a weight).</param>
    /// <exception cref="ArgumentException">Counts do not fit, or some input could make a sum overflow.</exception>
    public IntegerLayer(ReadOnlySpan<short> weights, ReadOnlySpan<int> bias)
    {
        if (bias.IsEmpty || weights.Length % (2 * bias.Length) != 0)
        {
            throw new ArgumentException($"{weights.Length} weights are no even number of inputs for each of {bias.Length} outputs.", nameof(weights));
        }

        (Outputs, _inputs) = (bias.Length, weights.Length / bias.Length);
        _paddedOutputs = (Outputs + Lanes - 1) / Lanes * Lanes;
        (_weights, _bias) = (new short[_inputs * _paddedOutputs], new int[_paddedOutputs]);
        bias.CopyTo(_bias);
        for (var output = 0; output < Outputs; output++)
        {
            Place(weights.Slice(output * _inputs, _inputs), output);
        }
    }

    /// <summary>How many sums there are.</summary>
    public int Outputs { get; }

    /// <summary>How long the span must be that takes the sums: <see cref="Outputs"/>, rounded up to whole vectors.</summary>
    public int PaddedOutputs => _paddedOutputs;

    /// <summary>Computes all sums, in units of an activation.</summary>
    /// <param name="activations">From 0 to <see cref="LargestActivation"/>.</param>
    /// <param name="sums">Takes <see cref="PaddedOutputs"/> numbers.</param>
    public void Apply(ReadOnlySpan<short> activations, Span<int> sums)
    {
        if (activations.Length < _inputs || sums.Length < _paddedOutputs)
        {
            throw new ArgumentException($"A layer of {_inputs} inputs and {_paddedOutputs} padded outputs got {activations.Length} and {sums.Length}.", nameof(activations));
        }

        if (Avx2.IsSupported)
        {
            ApplyAvx2(activations, sums);
        }
        else
        {
            ApplyPortable(activations, sums);
        }
    }

    internal void ApplyPortable(ReadOnlySpan<short> activations, Span<int> sums)
    {
        for (var output = 0; output < _paddedOutputs; output++)
        {
            var sum = _bias[output];
            for (var input = 0; input < _inputs; input++)
            {
                sum += activations[input] * _weights[Index(input, output)];
            }

            sums[output] = sum >> WeightBits;
        }
    }

    // Two inputs at a time for eight outputs at a time: the same integers in another order.
    private void ApplyAvx2(ReadOnlySpan<short> activations, Span<int> sums)
    {
        ref var pairs = ref Unsafe.As<short, int>(ref MemoryMarshal.GetReference(activations));
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var block = 0;
        for (; block + 4 * Lanes <= _paddedOutputs; block += 4 * Lanes)
        {
            ApplyFourBlocks(ref pairs, block, ref sum);
        }

        for (; block < _paddedOutputs; block += Lanes)
        {
            ApplyBlock(ref pairs, block, ref sum);
        }
    }

    // Four sums in registers share each pair of inputs.
    private void ApplyFourBlocks(ref int pairs, int block, ref int sums)
    {
        ref var weights = ref _weights[Index(0, block)];
        ref var bias = ref _bias[block];
        var (a, b) = (Vector256.LoadUnsafe(ref bias), Vector256.LoadUnsafe(ref bias, Lanes));
        var (c, d) = (Vector256.LoadUnsafe(ref bias, 2 * Lanes), Vector256.LoadUnsafe(ref bias, 3 * Lanes));
        for (nuint pair = 0; pair < (nuint)(_inputs / 2); pair++)
        {
            var both = Vector256.Create(Unsafe.Add(ref pairs, pair)).AsInt16();
            var row = pair * (nuint)(2 * _paddedOutputs);
            a += Avx2.MultiplyAddAdjacent(both, Vector256.LoadUnsafe(ref weights, row));
            b += Avx2.MultiplyAddAdjacent(both, Vector256.LoadUnsafe(ref weights, row + 2 * Lanes));
            c += Avx2.MultiplyAddAdjacent(both, Vector256.LoadUnsafe(ref weights, row + 4 * Lanes));
            d += Avx2.MultiplyAddAdjacent(both, Vector256.LoadUnsafe(ref weights, row + 6 * Lanes));
        }

        (a >> WeightBits).StoreUnsafe(ref sums, (nuint)block);
        (b >> WeightBits).StoreUnsafe(ref sums, (nuint)(block + Lanes));
        (c >> WeightBits).StoreUnsafe(ref sums, (nuint)(block + 2 * Lanes));
        (d >> WeightBits).StoreUnsafe(ref sums, (nuint)(block + 3 * Lanes));
    }

    private void ApplyBlock(ref int pairs, int block, ref int sums)
    {
        ref var weights = ref _weights[Index(0, block)];
        var (even, odd) = (Vector256.LoadUnsafe(ref _bias[block]), Vector256<int>.Zero);
        var row = (nuint)(2 * _paddedOutputs);
        nuint pair = 0, count = (nuint)(_inputs / 2);
        for (; pair + 1 < count; pair += 2)
        {
            even += Avx2.MultiplyAddAdjacent(Vector256.Create(Unsafe.Add(ref pairs, pair)).AsInt16(), Vector256.LoadUnsafe(ref weights, pair * row));
            odd += Avx2.MultiplyAddAdjacent(Vector256.Create(Unsafe.Add(ref pairs, pair + 1)).AsInt16(), Vector256.LoadUnsafe(ref weights, (pair + 1) * row));
        }

        if (pair < count)
        {
            even += Avx2.MultiplyAddAdjacent(Vector256.Create(Unsafe.Add(ref pairs, pair)).AsInt16(), Vector256.LoadUnsafe(ref weights, pair * row));
        }

        ((even + odd) >> WeightBits).StoreUnsafe(ref sums, (nuint)block);
    }

    // Weights of two neighbouring inputs lie side by side, as the multiply-add instruction takes them.
    private int Index(int input, int output) => ((input >> 1) * _paddedOutputs + output) * 2 + (input & 1);

    private void Place(ReadOnlySpan<short> weights, int output)
    {
        long largest = Math.Abs((long)_bias[output]);
        for (var input = 0; input < _inputs; input++)
        {
            _weights[Index(input, output)] = weights[input];
            largest += Math.Abs((long)weights[input]) * LargestActivation;
        }

        if (largest > int.MaxValue)
        {
            throw new ArgumentException($"The weights of output {output} are so large that a sum could overflow.", nameof(weights));
        }
    }
}
