using Autoencoders.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>From symbols to images: the mean of all images that have these symbols, as far as the network has learned it.</summary>
internal sealed class SynthesisNetwork : Module<Tensor, Tensor>
{
    // In a tuple, because TorchSharp would register fields of its own accord a second time, under the fields' names.
    private readonly (Conv2d Conv1, Conv2d Conv2, Conv2d Out, Conv2d Direct) _layers;
    private readonly Parameter _position;
    private readonly int _levels;

    public SynthesisNetwork(int grid, int levels, int width)
        : base("synthesis")
    {
        _levels = levels;
        const int pixels = AnalysisNetwork.Block * AnalysisNetwork.Block;
        _layers = (
            Conv2d(grid * grid / 49, width, kernel_size: 3, padding: 1),                         // (N, width, 7, 7)
            Conv2d(width, width, kernel_size: 3, padding: 1),                                    // (N, width, 7, 7)
            Conv2d(width, pixels, kernel_size: 3, padding: 1),                                   // (N, 16, 7, 7)
            Direct(grid / 7));                                                                   // (N, 16, 7, 7)
        _position = Parameter(zeros(1, width, 7, 7));
        using (no_grad())
        {
            _layers.Out.weight.mul_(0.1);
            _layers.Out.bias!.fill_(0.5);
        }

        register_parameter("position", _position);
        register_module("conv1", _layers.Conv1);
        register_module("conv2", _layers.Conv2);
        register_module("out", _layers.Out);
        register_module("direct", _layers.Direct);
        ChannelsLast.Arrange(this);
    }

    /// <summary>Symbols less the middle of the levels, (N, 4 or 16, 7, 7), to blocks of pixels, (N, 16, 7, 7), mostly in [0, 1] and not yet cut off there.</summary>
    public override Tensor forward(Tensor centred)
    {
        using var scope = NewDisposeScope();
        var x = functional.relu(_layers.Conv1.call(centred).add_(_position, Factors.One), inplace: true);
        x = functional.relu(_layers.Conv2.call(x), inplace: true);
        return _layers.Out.call(x).add_(_layers.Direct.call(centred), Factors.One).MoveToOuterDisposeScope();
    }

    // From a symbol straight to its pixels: at first, each shows its symbol, and the layers above only have to correct that.
    private Conv2d Direct(int symbolsPerSide)
    {
        var (side, cell) = (AnalysisNetwork.Block, AnalysisNetwork.Block / symbolsPerSide);
        var direct = Conv2d(symbolsPerSide * symbolsPerSide, side * side, kernel_size: 1, bias: false);
        using var noGradients = no_grad();
        direct.weight.zero_();
        for (var pixel = 0; pixel < side * side; pixel++)
        {
            direct.weight[pixel, pixel / side / cell * symbolsPerSide + pixel % side / cell] = 1.0 / (_levels - 1);
        }

        return direct;
    }
}
