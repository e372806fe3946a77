using Autoencoders.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>The context model as it is trained, in floating point: how probable each symbol is after those before it.</summary>
/// <remarks><see cref="Export"/> rounds it to the integers that files are written with; see <see cref="ContextModel"/>.</remarks>
internal sealed class ContextNetwork : Module<Tensor, Tensor>
{
    private const double ActivationUnit = 128, WeightUnit = 1 << IntegerLayer.WeightBits;

    private readonly ContextShape _shape;
    private readonly Parameter _neighbours, _position;
    // In a tuple, because TorchSharp would register fields of its own accord a second time, under the fields' names.
    private readonly (Linear Dense2, Linear Dense3, Tensor Before) _layers;
    private readonly int _features;

    public ContextNetwork(ContextShape shape)
        : base("context")
    {
        _shape = shape;
        // Two numbers for a symbol of more than two levels: its height, and how far it is above 1. Background is 0 in both.
        _features = shape.Levels == 2 ? 1 : 2;
        long[] kernel = [shape.Hidden, _features, shape.Rows + 1, 2 * shape.Columns + 1];
        _neighbours = Parameter(randn(kernel) * Math.Sqrt(4.0 / shape.WindowSize));
        _position = Parameter(randn(1, shape.Hidden, shape.Grid, shape.Grid) * 0.1);
        _layers = (Linear(shape.Hidden, shape.Hidden2), Linear(shape.Hidden2, shape.Levels - 1), ones(kernel));
        _layers.Before[TensorIndex.Colon, TensorIndex.Colon, shape.Rows, TensorIndex.Slice(shape.Columns)] = 0f;
        register_parameter("neighbours", _neighbours);
        register_parameter("position", _position);
        register_buffer("before", _layers.Before, persistent: false);
        register_module("dense2", _layers.Dense2);
        register_module("dense3", _layers.Dense3);
    }

    private double Height => Math.Max(1, (_shape.Levels - 1) / 2.0);

    /// <summary>(N, 1, grid, grid) in units of levels to (N, grid, grid, levels): the natural logarithm of each level's probability.</summary>
    public override Tensor forward(Tensor grid)
    {
        using var scope = NewDisposeScope();
        var sums = functional.conv2d(Rows(grid), Kernel()).Plus(ChannelsLast.Arrange(_position));
        var hidden = functional.relu(sums, inplace: true).permute(0, 2, 3, 1).reshape(-1, _shape.Hidden);
        var logits = _layers.Dense3.call(functional.relu(_layers.Dense2.call(hidden), inplace: true));
        return LogProbabilities(logits).reshape(grid.shape[0], _shape.Grid, _shape.Grid, _shape.Levels).MoveToOuterDisposeScope();
    }

    /// <summary>The same model in integers.</summary>
    /// <exception cref="ArgumentException">The weights are not finite, or grew so large that sums could overflow.</exception>
    public ContextTables Export()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (dense2, dense3, _) = _layers;
        return new ContextTables(
            _shape,
            Shorts(_position.permute(0, 2, 3, 1), ActivationUnit),
            NeighbourTables(),
            Shorts(dense2.weight, WeightUnit),
            Integers(dense2.bias!, ActivationUnit * WeightUnit),
            Shorts(dense3.weight, WeightUnit),
            Integers(dense3.bias!, ActivationUnit * WeightUnit));
    }

    /// <summary>Takes over a model of the same shape from its integers.</summary>
    public void Import(ContextTables tables)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (dense2, dense3, _) = _layers;
        var values = tables.Named.ToDictionary(table => table.Name, table => table.Values switch
        {
            short[] shorts => tensor(shorts, ScalarType.Float32),
            int[] integers => tensor(integers, ScalarType.Float32),
            _ => throw new NotSupportedException(),
        });
        _position.copy_((values[ContextTables.PositionBiasName] / ActivationUnit).reshape(1, _shape.Grid, _shape.Grid, _shape.Hidden).permute(0, 3, 1, 2));
        var levels = (values[ContextTables.NeighbourWeightsName] / ActivationUnit)
            .reshape(_shape.Levels - 1, _shape.Rows + 1, 2 * _shape.Columns + 1, _shape.Hidden).permute(0, 3, 1, 2).flip(2, 3);
        // What NeighbourTables makes of the kernel, backwards: level 1 has the first number alone.
        _neighbours.select(1, 0).copy_(levels[0] * Height);
        if (_features == 2)
        {
            _neighbours.select(1, 1).copy_(levels[1] - 2 * levels[0]);
        }

        dense2.weight.copy_((values[ContextTables.Weights2Name] / WeightUnit).reshape(_shape.Hidden2, _shape.Hidden));
        dense2.bias!.copy_(values[ContextTables.Bias2Name] / (ActivationUnit * WeightUnit));
        dense3.weight.copy_((values[ContextTables.Weights3Name] / WeightUnit).reshape(_shape.Levels - 1, _shape.Hidden2));
        dense3.bias!.copy_(values[ContextTables.Bias3Name] / (ActivationUnit * WeightUnit));
    }

    // The rows of the window as channels: a convolution along one row over many channels is faster, above all backwards,
    // than one over a window with a single channel.
    private Tensor Rows(Tensor grid)
    {
        var symbols = _features == 1 ? grid.Times(1 / Height) : cat([grid.Times(1 / Height), functional.relu(grid.Plus(-1))], 1);
        var padded = functional.pad(symbols, [_shape.Columns, _shape.Columns, _shape.Rows, 0]);
        return ChannelsLast.Arrange(cat([.. Enumerable.Range(0, _shape.Rows + 1).Select(row => padded.slice(2, row, row + _shape.Grid, 1))], 1));
    }

    private Tensor Kernel() => ChannelsLast.Arrange((_neighbours * _layers.Before).permute(0, 2, 1, 3)
        .reshape(_shape.Hidden, (_shape.Rows + 1) * _features, 1, 2 * _shape.Columns + 1));

    // Output k says how probable level k is where no smaller one came.
    private static Tensor LogProbabilities(Tensor logits)
    {
        var stops = functional.logsigmoid(logits);
        var passes = (stops - logits).cumsum(1);
        var none = zeros(logits.shape[0], 1);
        return cat([stops, none], 1).Plus(cat([none, passes], 1));
    }

    private short[] NeighbourTables()
    {
        var kernel = _neighbours * _layers.Before;
        var levels = Enumerable.Range(1, _shape.Levels - 1).Select(level =>
        {
            var weights = kernel.select(1, 0) * (level / Height);
            return _features == 1 ? weights : weights + kernel.select(1, 1) * (level - 1);
        });
        // A cell sees a symbol above and to the left; a symbol spreads downwards and to the right.
        return Shorts(stack(levels, 0).flip(2, 3).permute(0, 2, 3, 1), ActivationUnit);
    }

    private static short[] Shorts(Tensor values, double unit) => [.. Rounded(values, unit, short.MaxValue).Select(value => (short)value)];

    private static int[] Integers(Tensor values, double unit) => [.. Rounded(values, unit, int.MaxValue).Select(value => (int)value)];

    private static double[] Rounded(Tensor values, double unit, double largest)
    {
        var rounded = (values.to(ScalarType.Float64) * unit).round().contiguous().data<double>().ToArray();
        return rounded.All(value => Math.Abs(value) <= largest)
            ? rounded
            : throw new ArgumentException($"The context model's weights are not finite, or beyond {largest / unit:N0}: training went wrong.");
    }
}
