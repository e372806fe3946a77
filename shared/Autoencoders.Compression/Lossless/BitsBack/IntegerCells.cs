namespace Autoencoders.Compression;

/// <summary>Three convolutions over 7x7 cells in integers, with a number added at every place: the encoder, or the decoder, of a <see cref="VaeModel"/>.</summary>
internal sealed class IntegerCells
{
    private const int Side = IntegerConvolution.Side, PaddedSide = IntegerConvolution.PaddedSide, Layers = 3;

    // Hidden activations are in units of 2^-9, and at most 64; weights are stored in units of 2^-12.
    private const int ActivationBits = 9;

    /// <summary>Weights and positions are stored in units of 2 to the minus this.</summary>
    public const int StoredBits = 12;

    private readonly IntegerConvolution[] _layers = new IntegerConvolution[Layers];
    private readonly int[][] _starts = new int[Layers][];
    private readonly int[] _shifts = new int[Layers];

    /// <summary>Prepares the weights for use.</summary>
    /// <param name="weights">For each layer (outputs, inputs, 3, 3), in units of 2^-12.</param>
    /// <param name="positions">For each layer (outputs, 7, 7), in units of 2^-12.</param>
    /// <param name="largestInput">No input is larger, either sign.</param>
    /// <param name="inputBits">Inputs are in units of 2 to the minus this.</param>
    /// <exception cref="ArgumentException">The weights are so large that a sum could overflow.</exception>
    public IntegerCells(short[][] weights, short[][] positions, int largestInput, int inputBits)
    {
        for (var i = 0; i < Layers; i++)
        {
            var outputs = positions[i].Length / VaeShape.Cells;
            var inputs = weights[i].Length / (9 * outputs);
            var (bits, largest) = i == 0 ? (inputBits, largestInput) : (ActivationBits, short.MaxValue);
            double Real(short stored) => Math.ScaleB(stored, -StoredBits);
            var largestPosition = positions[i].Max(value => Math.Abs((int)value));
            _layers[i] = new IntegerConvolution(
                Array.ConvertAll(weights[i], Real), inputs, Enumerable.Repeat(largest, inputs).ToArray(), Math.ScaleB(largestPosition, bits - StoredBits));
            _shifts[i] = bits + _layers[i].WeightBits - (i < Layers - 1 ? ActivationBits : FineLogistic.UnitBits);
            if (_shifts[i] < 1)
            {
                throw new ArgumentException($"The weights of layer {i + 1} are so large that a sum could overflow.", nameof(weights));
            }

            _starts[i] = Starts(positions[i], outputs, _layers[i].Outputs, bits + _layers[i].WeightBits - StoredBits, 1 << (_shifts[i] - 1));
        }
    }

    /// <summary>Numbers of a cell in the output, those that fill it up included.</summary>
    public int Outputs => _layers[^1].Outputs;

    /// <summary>Runs the network.</summary>
    /// <param name="inputs">(9, 9, inputs): 7x7 cells with a border of zeros; channels filled up to a multiple of 16.</param>
    /// <param name="outputs">Takes (7, 7, <see cref="Outputs"/>) in units of 2^-10.</param>
    public void Apply(short[] inputs, int[] outputs)
    {
        var activations = inputs;
        for (var i = 0; i < Layers; i++)
        {
            var sums = i == Layers - 1 ? outputs : new int[_starts[i].Length];
            _starts[i].CopyTo(sums, 0);
            _layers[i].AddTo(activations, sums);
            if (i < Layers - 1)
            {
                activations = Rectified(sums, _layers[i].Outputs, _shifts[i]);
            }
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] >>= _shifts[^1];
        }
    }

    private static short[] Rectified(int[] sums, int width, int shift)
    {
        var activations = new short[PaddedSide * PaddedSide * width];
        for (var row = 0; row < Side; row++)
        {
            Int16Vectors.Rectify(sums.AsSpan(row * Side * width, Side * width), activations.AsSpan(((row + 1) * PaddedSide + 1) * width), shift, short.MaxValue);
        }

        return activations;
    }

    // Cell by cell, with a half more, so that shifting rounds to the nearest.
    private static int[] Starts(short[] positions, int outputs, int width, int bits, int half)
    {
        var starts = new int[VaeShape.Cells * width];
        for (var i = 0; i < starts.Length; i++)
        {
            var (cell, output) = Math.DivRem(i, width);
            var position = output < outputs ? positions[output * VaeShape.Cells + cell] : 0L;
            starts[i] = checked((int)((bits >= 0 ? position << bits : position >> -bits) + half));
        }

        return starts;
    }
}
