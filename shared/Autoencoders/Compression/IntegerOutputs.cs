using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A dense layer in integers whose outputs are computed one by one, when they are asked for: most of them never are.</summary>
internal sealed class IntegerOutputs
{
    private readonly int _paddedInputs;
    private readonly short[] _weights;
    private readonly int[] _bias;

    /// <summary>Lays out the weights for use.</summary>
    /// <param name="weights">Output by output, the weights of all inputs.</param>
    /// <param name="bias">One for each output, in units of 2^-17.</param>
    /// <exception cref="ArgumentException">Some input could make a sum overflow.</exception>
    public IntegerOutputs(ReadOnlySpan<short> weights, ReadOnlySpan<int> bias)
    {
        var inputs = weights.Length / bias.Length;
        (_paddedInputs, _bias) = (Padded(inputs), bias.ToArray());
        _weights = new short[_paddedInputs * bias.Length];
        for (var output = 0; output < bias.Length; output++)
        {
            var row = weights.Slice(output * inputs, inputs);
            IntegerLayer.Check(row, bias[output], output);
            row.CopyTo(_weights.AsSpan(output * _paddedInputs));
        }
    }

    /// <summary>How many activations there must be for so many inputs; those behind the inputs do not count.</summary>
    public static int Padded(int inputs) => (inputs + Vector512<short>.Count - 1) / Vector512<short>.Count * Vector512<short>.Count;

    /// <summary>One sum, in units of an activation.</summary>
    /// <param name="activations">From 0 to <see cref="IntegerLayer.LargestActivation"/>: <see cref="Padded"/> numbers.</param>
    /// <param name="output">Which sum.</param>
    public int Sum(ReadOnlySpan<short> activations, int output)
    {
        ref var weights = ref _weights[output * _paddedInputs];
        ref var inputs = ref MemoryMarshal.GetReference(activations[.._paddedInputs]);
        var sum = Vector512<int>.Zero;
        for (nuint i = 0; i < (nuint)_paddedInputs; i += (nuint)Vector512<short>.Count)
        {
            sum += Int16Vectors.PairProducts(Vector512.LoadUnsafe(ref inputs, i), Vector512.LoadUnsafe(ref weights, i));
        }

        return (_bias[output] + Vector512.Sum(sum)) >> IntegerLayer.WeightBits;
    }
}
