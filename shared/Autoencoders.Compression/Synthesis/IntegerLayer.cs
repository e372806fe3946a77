using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A dense layer of at most 32 outputs in integers: sums of 16-bit activations times 16-bit weights, in 32 bits, which cannot overflow.</summary>
internal sealed class IntegerLayer
{
    /// <summary>Weights are in units of 2 to the minus this.</summary>
    public const int WeightBits = 10;

    /// <summary>Activations are in units of 1/128, and at most 64.</summary>
    public const short LargestActivation = 8191;

    /// <summary>The most outputs that there can be.</summary>
    public const int MostOutputs = 32;

    /// <summary>How many inputs are computed at once.</summary>
    public const int Together = 4;

    private const int Half = MostOutputs / 2;
    private readonly int _inputs, _outputs;
    private readonly AlignedShorts _weights;
    private readonly int[] _bias = new int[MostOutputs];

    /// <summary>Lays out the weights for use.</summary>
    /// <param name="weights">Output by output, the weights of all inputs.</param>
    /// <param name="bias">One for each output, in units of 2^-17 (that of an activation times that of a weight).</param>
    /// <exception cref="ArgumentException">Counts do not fit, or some input could make a sum overflow.</exception>
    public IntegerLayer(ReadOnlySpan<short> weights, ReadOnlySpan<int> bias)
    {
        if (bias.Length is 0 or > MostOutputs || weights.Length % (2 * bias.Length) != 0)
        {
            throw new ArgumentException($"{weights.Length} weights are no even number of inputs for each of {bias.Length} outputs.", nameof(weights));
        }

        (_outputs, _inputs) = (bias.Length, weights.Length / bias.Length);
        _weights = new AlignedShorts(_inputs * MostOutputs);
        bias.CopyTo(_bias);
        for (var output = 0; output < _outputs; output++)
        {
            var row = weights.Slice(output * _inputs, _inputs);
            Check(row, bias[output], output);
            for (var input = 0; input < _inputs; input++)
            {
                _weights.At(Index(input, output)) = row[input];
            }
        }
    }

    /// <summary>Refuses weights with which some activations could make a sum overflow.</summary>
    public static void Check(ReadOnlySpan<short> weights, int bias, int output)
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

    /// <summary>Computes all outputs and cuts them off at 0 and <see cref="LargestActivation"/>; those that the layer does not have are 0.</summary>
    /// <param name="activations">From 0 to <see cref="LargestActivation"/>.</param>
    public Vector512<short> Apply(ReadOnlySpan<short> activations)
    {
        ref var pairs = ref Unsafe.As<short, int>(ref Unsafe.AsRef(in activations[.._inputs][0]));
        var (low, high) = (Vector512.LoadUnsafe(ref _bias[0]), Vector512.LoadUnsafe(ref _bias[Half]));
        ref var weights = ref _weights.At(0);
        for (nuint pair = 0; pair < (nuint)(_inputs / 2); pair++)
        {
            var both = Vector512.Create(Unsafe.Add(ref pairs, pair)).AsInt16();
            low += Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, pair * 2 * MostOutputs));
            high += Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, pair * 2 * MostOutputs + 2 * Half));
        }

        return Vector512.Narrow(Activation(low), Activation(high));
    }

    /// <summary>The same for four inputs at once, which share the reading of the weights.</summary>
    /// <param name="activations">Four times the inputs, one after the other.</param>
    /// <param name="outputs">Takes the four results.</param>
    public void ApplyToFour(ReadOnlySpan<short> activations, Span<Vector512<short>> outputs)
    {
        ref var pairs = ref Unsafe.As<short, int>(ref Unsafe.AsRef(in activations[..(4 * _inputs)][0]));
        if (_outputs <= Half)
        {
            ApplyHalfToFour(ref pairs, outputs);
            return;
        }

        var next = (nuint)(_inputs / 2);
        var (a, b, c, d) = Four(ref _bias[0]);
        var (e, f, g, h) = Four(ref _bias[Half]);
        ref var weights = ref _weights.At(0);
        for (nuint pair = 0; pair < next; pair++)
        {
            var low = Vector512.LoadUnsafe(ref weights, pair * 2 * MostOutputs);
            var high = Vector512.LoadUnsafe(ref weights, pair * 2 * MostOutputs + 2 * Half);
            var both = Vector512.Create(Unsafe.Add(ref pairs, pair)).AsInt16();
            a += Int16Vectors.PairProducts(both, low);
            e += Int16Vectors.PairProducts(both, high);
            both = Vector512.Create(Unsafe.Add(ref pairs, pair + next)).AsInt16();
            b += Int16Vectors.PairProducts(both, low);
            f += Int16Vectors.PairProducts(both, high);
            both = Vector512.Create(Unsafe.Add(ref pairs, pair + 2 * next)).AsInt16();
            c += Int16Vectors.PairProducts(both, low);
            g += Int16Vectors.PairProducts(both, high);
            both = Vector512.Create(Unsafe.Add(ref pairs, pair + 3 * next)).AsInt16();
            d += Int16Vectors.PairProducts(both, low);
            h += Int16Vectors.PairProducts(both, high);
        }

        outputs[3] = Vector512.Narrow(Activation(d), Activation(h));
        outputs[2] = Vector512.Narrow(Activation(c), Activation(g));
        outputs[1] = Vector512.Narrow(Activation(b), Activation(f));
        outputs[0] = Vector512.Narrow(Activation(a), Activation(e));
    }

    private void ApplyHalfToFour(ref int pairs, Span<Vector512<short>> outputs)
    {
        var next = (nuint)(_inputs / 2);
        var (a, b, c, d) = Four(ref _bias[0]);
        ref var weights = ref _weights.At(0);
        for (nuint pair = 0; pair < next; pair++)
        {
            var low = Vector512.LoadUnsafe(ref weights, pair * 2 * MostOutputs);
            a += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pairs, pair)).AsInt16(), low);
            b += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pairs, pair + next)).AsInt16(), low);
            c += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pairs, pair + 2 * next)).AsInt16(), low);
            d += Int16Vectors.PairProducts(Vector512.Create(Unsafe.Add(ref pairs, pair + 3 * next)).AsInt16(), low);
        }

        outputs[3] = Vector512.Narrow(Activation(d), Vector512<int>.Zero);
        outputs[2] = Vector512.Narrow(Activation(c), Vector512<int>.Zero);
        outputs[1] = Vector512.Narrow(Activation(b), Vector512<int>.Zero);
        outputs[0] = Vector512.Narrow(Activation(a), Vector512<int>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<int> A, Vector512<int> B, Vector512<int> C, Vector512<int> D) Four(ref int bias)
    {
        var four = Vector512.LoadUnsafe(ref bias);
        return (four, four, four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Activation(Vector512<int> sums) =>
        Vector512.Min(Vector512.Max(sums >> WeightBits, Vector512<int>.Zero), Vector512.Create((int)LargestActivation));

    // Weights of two neighbouring inputs lie side by side, as the multiply-add instruction takes them.
    private static int Index(int input, int output) => ((input >> 1) * MostOutputs + output) * 2 + (input & 1);
}
