using System.Buffers.Binary;

namespace Autoencoders.Compression;

/// <summary>The integers of a <see cref="ContextModel"/>, as they are stored beside the weights of the two networks.</summary>
public sealed class ContextTables
{
    internal const string PositionBiasName = "position_bias", NeighbourWeightsName = "neighbour_weights";
    internal const string Weights2Name = "weights2", Bias2Name = "bias2", Weights3Name = "weights3", Bias3Name = "bias3";

    private readonly short[] _positionBias, _neighbourWeights, _weights2, _weights3;
    private readonly int[] _bias2, _bias3;

    /// <summary>Takes the integers, and checks that they fit together and that no image can make a sum overflow.</summary>
    /// <param name="shape">How many there are of everything.</param>
    /// <param name="positionBias">(cells, hidden), in 1/128.</param>
    /// <param name="neighbourWeights">
    /// (levels - 1, rows + 1, 2 columns + 1, hidden), in 1/128: what a symbol of level 1, 2, … adds to the sums of a cell
    /// so many rows below it and so many columns (from <c>-columns</c> on) to its right.
    /// </param>
    /// <param name="weights2">(hidden 2, hidden), in 1/1024.</param>
    /// <param name="bias2">(hidden 2), in 1/131072.</param>
    /// <param name="weights3">(levels - 1, hidden 2), in 1/1024.</param>
    /// <param name="bias3">(levels - 1), in 1/131072.</param>
    /// <exception cref="ArgumentException">A count is wrong, or a sum could overflow.</exception>
    public ContextTables(
        ContextShape shape, short[] positionBias, short[] neighbourWeights, short[] weights2, int[] bias2, short[] weights3, int[] bias3)
    {
        shape.Check();
        Shape = shape;
        (_positionBias, _neighbourWeights, _weights2, _weights3) = (positionBias, neighbourWeights, weights2, weights3);
        (_bias2, _bias3) = (bias2, bias3);
        Check(nameof(positionBias), positionBias.Length, shape.Cells * shape.Hidden);
        Check(nameof(neighbourWeights), neighbourWeights.Length, (shape.Levels - 1) * shape.WindowSize * shape.Hidden);
        Check(nameof(bias2), bias2.Length, shape.Hidden2);
        Check(nameof(weights2), weights2.Length, shape.Hidden2 * shape.Hidden);
        Check(nameof(bias3), bias3.Length, shape.Levels - 1);
        Check(nameof(weights3), weights3.Length, (shape.Levels - 1) * shape.Hidden2);
        CheckSums();
    }

    /// <summary>How many there are of everything.</summary>
    public ContextShape Shape { get; }

    /// <summary>The first layer's sums where all symbols before a cell are background.</summary>
    public ReadOnlySpan<short> PositionBias => _positionBias;

    /// <summary>(levels - 1, rows + 1, 2 columns + 1, hidden): what a symbol adds to the sums of the cells below it and to its sides.</summary>
    public ReadOnlySpan<short> NeighbourWeights => _neighbourWeights;

    /// <summary>All integers in the order of the constructor, little-endian: what a model's identity is computed from.</summary>
    public byte[] ToBytes()
    {
        short[][] shorts = [_positionBias, _neighbourWeights, _weights2, _weights3];
        var bytes = new byte[2 * shorts.Sum(s => s.Length) + 4 * (_bias2.Length + _bias3.Length)];
        var position = 0;
        foreach (var value in shorts.SelectMany(s => s))
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(position), value);
            position += 2;
        }

        foreach (var value in _bias2.Concat(_bias3))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(position), value);
            position += 4;
        }

        return bytes;
    }

    internal IReadOnlyList<(string Name, Array Values)> Named =>
    [
        (PositionBiasName, _positionBias), (NeighbourWeightsName, _neighbourWeights),
        (Weights2Name, _weights2), (Bias2Name, _bias2), (Weights3Name, _weights3), (Bias3Name, _bias3),
    ];

    internal IntegerLayer SecondLayer() => new(_weights2, _bias2);

    internal IntegerOutputs ThirdLayer() => new(_weights3, _bias3);

    private static void Check(string name, int length, int expected)
    {
        if (length != expected)
        {
            throw new ArgumentException($"There are {length} integers where {expected} belong.", name);
        }
    }

    // Every window filled with the worst symbols must leave the 16-bit sums of the first layer intact.
    private void CheckSums()
    {
        for (var unit = 0; unit < Shape.Hidden; unit++)
        {
            var largest = 0;
            for (var cell = 0; cell < Shape.Cells; cell++)
            {
                largest = Math.Max(largest, Math.Abs((int)_positionBias[cell * Shape.Hidden + unit]));
            }

            for (var place = 0; place < Shape.WindowSize; place++)
            {
                largest += LargestWeight(place, unit);
            }

            if (largest > short.MaxValue)
            {
                throw new ArgumentException($"The weights of hidden unit {unit} are so large that a sum could overflow.", nameof(_neighbourWeights));
            }
        }
    }

    private int LargestWeight(int place, int unit)
    {
        var largest = 0;
        for (var level = 0; level < Shape.Levels - 1; level++)
        {
            largest = Math.Max(largest, Math.Abs((int)_neighbourWeights[(level * Shape.WindowSize + place) * Shape.Hidden + unit]));
        }

        return largest;
    }
}
