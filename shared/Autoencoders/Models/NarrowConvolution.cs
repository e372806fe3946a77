using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Autoencoders.Models;

/// <summary>
/// A 3x3 convolution to a single channel, also of an image that is first doubled in size, as one product of matrices.
/// </summary>
/// <remarks>
/// <para>A library's convolution computes many channels at once, so with one channel most of its work is for nothing. Here each
/// pixel is multiplied by all taps of the kernel, and the products are added up where they belong: the transposed way round.</para>
/// <para>Doubling repeats every pixel, so that each output sees only 2x2 different ones. The kernel that does both has
/// 4x4 taps, a stride of 2, and is the 3x3 kernel convolved with a 2x2 box; see A. Odena, V. Dumoulin, C. Olah,
/// "Deconvolution and Checkerboard Artifacts", Distill 2016, for resize-convolution as a convolution.</para>
/// </remarks>
internal static class NarrowConvolution
{
    private static readonly Scalar One = Factors.One;

    /// <summary>Whether this class computes what <paramref name="layer"/> does.</summary>
    public static bool Fits(Conv2d layer) => layer is { out_channels: 1, in_channels: > 1 } && IsPlain(layer);

    /// <summary>Whether a layer has 3x3 taps and gives images of the size it is given, with zeros around them.</summary>
    public static bool IsPlain(Conv2d layer) => layer is { groups: 1, padding_mode: PaddingModes.Zeros, padding_type: null }
        && Is(layer.kernel_size, 3) && Is(layer.stride, 1) && Is(layer.dilation, 1) && Is(layer.padding, 1);

    /// <summary>Whether <paramref name="layer"/> doubles height and width by repeating pixels.</summary>
    public static bool Doubles(Upsample layer) => layer.mode == UpsampleMode.Nearest && layer.scale_factor is [2, 2];

    /// <summary>The convolution.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <param name="layer">One that <see cref="Fits"/>.</param>
    /// <returns>(N, 1, H, W).</returns>
    public static Tensor Apply(Tensor images, Conv2d layer)
    {
        using var kernel = layer.weight.flip(2, 3);
        return AddUp(images, kernel, layer.bias, stride: 1);
    }

    /// <summary>The convolution of the images doubled in height and width.</summary>
    /// <param name="images">(N, C, H, W).</param>
    /// <param name="layer">One that <see cref="Fits"/>.</param>
    /// <returns>(N, 1, 2H, 2W).</returns>
    public static Tensor ApplyDoubled(Tensor images, Conv2d layer)
    {
        using var boxed = F.avg_pool2d(layer.weight, kernel_size: 2, stride: 1, padding: 1, divisor_override: 1);
        using var kernel = boxed.flip(2, 3);
        return AddUp(images, kernel, layer.bias, stride: 2);
    }

    private static Tensor AddUp(Tensor images, Tensor kernel, Tensor? bias, int stride)
    {
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var side = kernel.shape[2];
        var pixels = images.permute(0, 2, 3, 1).reshape(n, height * width, channels);
        var products = pixels.matmul(kernel.reshape(channels, side * side)).transpose(1, 2);
        var sums = F.fold(products, (stride * height, stride * width), (side, side), (1, 1), (1, 1), (stride, stride));
        return (bias is null ? sums : sums.add_(bias, One)).MoveToOuterDisposeScope();
    }

    /// <summary>Whether both sides are of this size.</summary>
    public static bool Is(long[]? sizes, long value) => sizes is not null && sizes.All(size => size == value);
}
