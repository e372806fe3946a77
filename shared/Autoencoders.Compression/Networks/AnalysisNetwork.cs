using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>
/// From images to latents, of which the symbols are the nearest whole numbers. It corrects a plain reduction of the
/// image, which is a usable code from the first step of training on.
/// </summary>
/// <remarks>Works on blocks of 4x4 pixels as 16 channels of a 7x7 picture: small, and so fast on a CPU.</remarks>
internal sealed class AnalysisNetwork : Module<Tensor, Tensor>
{
    /// <summary>Pixels along the side of a block.</summary>
    public const int Block = 4;

    // In a tuple, because TorchSharp would register a field of its own accord a second time, under the field's name.
    private readonly (Sequential Layers, int Depth) _network;
    private readonly int _symbolsPerSide;
    private readonly Scalar _range, _margin;

    public AnalysisNetwork(int grid, int levels, int width, int depth)
        : base("analysis")
    {
        const double margin = 0.1;
        (_symbolsPerSide, _range, _margin) = (grid / 7, (levels - 1) * (1 + margin), -margin);
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
        _network = (Sequential(layers), depth);
        register_module("layers", _network.Layers);
        ChannelsLast.Arrange(this);
    }

    /// <summary>Blocks of pixels in [0, 1], (N, 16, 7, 7), to (N, 4 or 16, 7, 7) in units of levels.</summary>
    public override Tensor forward(Tensor blocks)
    {
        using var scope = NewDisposeScope();
        return _network.Layers.call(blocks).add(Reduced(blocks), Factors.One).MoveToOuterDisposeScope();
    }

    // A little over the range of the levels, so that background and full ink lie safely inside the outermost ones.
    private Tensor Reduced(Tensor blocks)
    {
        var means = _symbolsPerSide == Block ? blocks : functional.pixel_unshuffle(functional.avg_pool2d(functional.pixel_shuffle(blocks, Block), Block / _symbolsPerSide), _symbolsPerSide);
        return means.mul(_range).add(_margin, Factors.One);
    }
}
