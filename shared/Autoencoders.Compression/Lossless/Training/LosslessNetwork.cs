using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>A network that says how many bits an image takes without loss: what <see cref="LosslessTrainer"/> makes small.</summary>
/// <param name="name">The name of the module.</param>
public abstract class LosslessNetwork(string name) : nn.Module(name)
{
    /// <summary>For each image, the shape of the random numbers in [0, 1) that <see cref="Bits"/> takes.</summary>
    internal abstract long[] ChanceShape { get; }

    /// <summary>The bits of all images together.</summary>
    /// <param name="images">(N, 1, 28, 28), bytes.</param>
    /// <param name="chance">(N, <see cref="ChanceShape"/>), float32: the same numbers give the same bits.</param>
    /// <param name="training">Whether it is for a gradient, where a fair sample of the pixels will do.</param>
    /// <returns>A scalar with a gradient.</returns>
    internal abstract Tensor Bits(Tensor images, Tensor chance, bool training);
}
