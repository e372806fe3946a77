using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Models;

/// <summary>
/// From images to latents, of which the symbols are the nearest whole numbers. It corrects a plain reduction of the
/// image, which is a usable code from the first step of training on.
/// </summary>
/// <remarks>Works on blocks of 4x4 pixels as 16 channels of a 7x7 picture: small, and so fast on a CPU.</remarks>
internal sealed class AnalysisNetwork : Module<Tensor, Tensor>
{
    /// <summary>Pixels along the side of a block.</summary>
    public const int Block = 4;

    private readonly Sequential _layers;
    private readonly int _symbolsPerSide, _levels;

    public AnalysisNetwork(int grid, int levels, int width, int depth)
        : base("analysis")
    {
        (_symbolsPerSide, _levels) = (grid / 7, levels);
        var layers = new List<(string, Module<Tensor, Tensor>)>();                                     // (N, 16, 7, 7)
        for (var i = 0; i < depth; i++)
        {
            layers.Add(($"conv{i + 1}", Conv2d(i == 0 ? Block * Block : width, width, kernel_size: 3, padding: 1)));
            layers.Add(($"relu{i + 1}", ReLU(inplace: true)));                                          // (N, width, 7, 7)
        }

        var last = Conv2d(width, _symbolsPerSide * _symbolsPerSide, kernel_size: 3, padding: 1);        // (N, 4 or 16, 7, 7)
        using (no_grad())
        {
            last.weight.mul_(0.1);
        }

        layers.Add(("out", last));
        _layers = Sequential(layers);
        register_module("layers", _layers);
        ChannelsLast.Arrange(this);
    }

    /// <summary>(N, 1, 28, 28) in [0, 1] to (N, 4 or 16, 7, 7) in units of levels.</summary>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var blocks = ChannelsLast.Arrange(functional.pixel_unshuffle(images, Block));
        return (_layers.call(blocks) + Reduced(images)).MoveToOuterDisposeScope();
    }

    // A little over the range of the levels, so that background and full ink lie safely inside the outermost ones.
    private Tensor Reduced(Tensor images)
    {
        const double margin = 0.1;
        var cell = Block / _symbolsPerSide;
        var means = cell == 1 ? images : functional.avg_pool2d(images, cell);
        return functional.pixel_unshuffle(means, _symbolsPerSide) * ((_levels - 1) * (1 + margin)) - margin;
    }
}
