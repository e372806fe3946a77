using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Models;

/// <summary>From symbols to images: the mean of all images that have these symbols, as far as the network has learned it.</summary>
internal sealed class SynthesisNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _conv1, _conv2, _out, _direct;
    private readonly Parameter _position;
    private readonly int _levels;

    public SynthesisNetwork(int grid, int levels, int width)
        : base("synthesis")
    {
        _levels = levels;
        _conv1 = Conv2d(grid * grid / 49, width, kernel_size: 3, padding: 1);                    // (N, width, 7, 7)
        _position = Parameter(zeros(1, width, 7, 7));
        _conv2 = Conv2d(width, width, kernel_size: 3, padding: 1);                               // (N, width, 7, 7)
        _out = Conv2d(width, AnalysisNetwork.Block * AnalysisNetwork.Block, kernel_size: 3, padding: 1);   // (N, 16, 7, 7)
        _direct = Direct(grid / 7);
        using (no_grad())
        {
            ((Conv2d)_out).weight.mul_(0.1);
        }

        register_parameter("position", _position);
        foreach (var (name, layer) in new[] { ("conv1", _conv1), ("conv2", _conv2), ("out", _out), ("direct", _direct) })
        {
            register_module(name, layer);
        }

        ChannelsLast.Arrange(this);
    }

    /// <summary>(N, 4 or 16, 7, 7) in units of levels to (N, 1, 28, 28) in [0, 1].</summary>
    public override Tensor forward(Tensor symbols)
    {
        using var scope = NewDisposeScope();
        var centred = symbols - (_levels - 1) / 2.0;
        var x = functional.relu(_conv1.call(centred) + _position, inplace: true);
        x = functional.relu(_conv2.call(x), inplace: true);
        var blocks = _out.call(x) + _direct.call(centred) + 0.5;
        var cut = blocks + (blocks.clamp(0, 1) - blocks).detach();
        return functional.pixel_shuffle(cut, AnalysisNetwork.Block).MoveToOuterDisposeScope();
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
