using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A dense layer in integers: sums of 16-bit activations times 16-bit weights, in 32 bits, which cannot overflow.</summary>
internal sealed class IntegerLayer
{
    /// <summary>Weights are in units of 2 to the minus this.</summary>
    public const int WeightBits = 10;

    /// <summary>Activations are in units of 1/128, and at most 64.</summary>
    public const short LargestActivation = 8191;

    private const int Lanes = 16;
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

        ref var pairs = ref Unsafe.As<short, int>(ref MemoryMarshal.GetReference(activations));
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var block = 0;
        for (; block + 2 * Lanes <= _paddedOutputs; block += 2 * Lanes)
        {
            ApplyTwoBlocks(ref pairs, block, ref sum);
        }

        if (block < _paddedOutputs)
        {
            ApplyBlock(ref pairs, block, ref sum);
        }
    }

    /// <summary>Refuses weights with which some activations could make a sum overflow.</summary>
    internal static void Check(ReadOnlySpan<short> weights, int bias, int output)
    {
        var largest = Math.Abs((long)bias);
        foreach (var weight in weights)
        {
            largest += Math.Abs((long)weight) * LargestActivation;
        }

        if (largest > int.MaxValue)
        {
            throw new ArgumentException($"The weights of output {output} are so large that a sum could overflow.", nameof(weights));
        }
    }

    // Two inputs at a time for all outputs of a block; two vectors of sums share each pair of inputs.
    private void ApplyTwoBlocks(ref int pairs, int block, ref int sums)
    {
        ref var weights = ref _weights[Index(0, block)];
        var (a, b) = (Vector512.LoadUnsafe(ref _bias[block]), Vector512.LoadUnsafe(ref _bias[block], Lanes));
        for (nuint pair = 0; pair < (nuint)(_inputs / 2); pair++)
        {
            var both = Vector512.Create(Unsafe.Add(ref pairs, pair)).AsInt16();
            var row = pair * (nuint)(2 * _paddedOutputs);
            a += Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, row));
            b += Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, row + 2 * Lanes));
        }

        (a >> WeightBits).StoreUnsafe(ref sums, (nuint)block);
        (b >> WeightBits).StoreUnsafe(ref sums, (nuint)(block + Lanes));
    }

    private void ApplyBlock(ref int pairs, int block, ref int sums)
    {
        ref var weights = ref _weights[Index(0, block)];
        var sum = Vector512.LoadUnsafe(ref _bias[block]);
        for (nuint pair = 0; pair < (nuint)(_inputs / 2); pair++)
        {
            var both = Vector512.Create(Unsafe.Add(ref pairs, pair)).AsInt16();
            sum += Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, pair * (nuint)(2 * _paddedOutputs)));
        }

        (sum >> WeightBits).StoreUnsafe(ref sums, (nuint)block);
    }

    // Weights of two neighbouring inputs lie side by side, as the multiply-add instruction takes them.
    private int Index(int input, int output) => ((input >> 1) * _paddedOutputs + output) * 2 + (input & 1);

    private void Place(ReadOnlySpan<short> weights, int output)
    {
        Check(weights, _bias[output], output);
        for (var input = 0; input < _inputs; input++)
        {
            _weights[Index(input, output)] = weights[input];
        }
    }
}
