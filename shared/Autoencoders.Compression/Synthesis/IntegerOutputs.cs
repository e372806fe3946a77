using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A dense layer behind an <see cref="IntegerLayer"/>, whose outputs are computed one by one, when they are asked for: most of them never are.</summary>
internal sealed class IntegerOutputs
{
    private readonly AlignedShorts _weights;
    private readonly int[] _bias;

    /// <summary>Lays out the weights for use.</summary>
    /// <param name="weights">Output by output, the weights of all inputs: at most 32.</param>
    /// <param name="bias">One for each output, in units of 2^-17.</param>
    /// <exception cref="ArgumentException">Some input could make a sum overflow.</exception>
    public IntegerOutputs(ReadOnlySpan<short> weights, ReadOnlySpan<int> bias)
    {
        var inputs = weights.Length / bias.Length;
        _bias = bias.ToArray();
        _weights = new AlignedShorts(IntegerLayer.MostOutputs * bias.Length);
        for (var output = 0; output < bias.Length; output++)
        {
            var row = weights.Slice(output * inputs, inputs);
            IntegerLayer.Check(row, bias[output], output);
            row.CopyTo(_weights.Span[(output * IntegerLayer.MostOutputs)..]);
        }
    }

    /// <summary>One sum, in units of an activation.</summary>
    /// <param name="activations">What the layer before gave.</param>
    /// <param name="output">Which sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Sum(Vector512<short> activations, int output)
    {
        var products = Int16Vectors.PairProducts(activations, Vector512.LoadUnsafe(ref _weights.At(output * IntegerLayer.MostOutputs)));
        return (_bias[output] + Int16Vectors.Sum(products)) >> IntegerLayer.WeightBits;
    }
}
