using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>A dense layer in integers, of any size: 16-bit inputs times 16-bit weights, summed in 32 bits, which cannot overflow. Inputs of 0 cost nothing.</summary>
internal sealed class IntegerDense
{
    private const int Block = 16;

    private readonly int _inputs, _outputs;
    private readonly AlignedShorts _weights;

    /// <summary>Lays out the weights for use.</summary>
    /// <param name="weights">(outputs, inputs).</param>
    /// <param name="outputs">A multiple of 16.</param>
    /// <param name="largestInput">No input is larger, and none below 0.</param>
    /// <param name="largestStart">For each output, the largest sum, either sign, to which the layer adds.</param>
    /// <exception cref="ArgumentException">Counts do not fit, or some input could make a sum overflow.</exception>
    public IntegerDense(ReadOnlySpan<short> weights, int outputs, int largestInput, Func<int, long> largestStart)
    {
        if (outputs < 1 || outputs % Block != 0 || weights.Length % (2 * outputs) != 0)
        {
            throw new ArgumentException($"{weights.Length} weights are no even number of inputs for each of {outputs} outputs, a multiple of {Block}.", nameof(weights));
        }

        (_outputs, _inputs) = (outputs, weights.Length / outputs);
        _weights = new AlignedShorts(weights.Length);
        for (var output = 0; output < outputs; output++)
        {
            var largest = largestStart(output);
            for (var input = 0; input < _inputs; input++)
            {
                var weight = weights[output * _inputs + input];
                largest += Math.Abs((long)weight) * largestInput;
                // Weights of two neighbouring inputs lie side by side, as the multiply-add instruction takes them.
                _weights.At(((input >> 1) * outputs + output) * 2 + (input & 1)) = weight;
            }

            if (largest > int.MaxValue)
            {
                throw new ArgumentException($"The weights of output {output} are so large that a sum could overflow.", nameof(weights));
            }
        }
    }

    /// <summary>Adds the layer's products to the sums.</summary>
    /// <param name="inputs">From 0 to the largest.</param>
    /// <param name="sums">One for each output.</param>
    /// <exception cref="ArgumentException">There are too many or too few of either.</exception>
    public void AddTo(ReadOnlySpan<short> inputs, Span<int> sums)
    {
        if (inputs.Length != _inputs || sums.Length != _outputs)
        {
            throw new ArgumentException($"A layer of {_inputs} inputs and {_outputs} outputs got {inputs.Length} and {sums.Length}.", nameof(inputs));
        }

        var pairs = MemoryMarshal.Cast<short, int>(inputs);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        for (var pair = 0; pair < pairs.Length; pair++)
        {
            if (pairs[pair] == 0)
            {
                continue;
            }

            var both = Vector512.Create(pairs[pair]).AsInt16();
            ref var weights = ref _weights.At(pair * 2 * _outputs);
            for (nuint output = 0; output < (nuint)_outputs; output += Block)
            {
                (Vector512.LoadUnsafe(ref sum, output) + Int16Vectors.PairProducts(both, Vector512.LoadUnsafe(ref weights, 2 * output))).StoreUnsafe(ref sum, output);
            }
        }
    }
}
