using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Metrics;

/// <summary>How far reconstructions are from originals. All take batches (N, 1, H, W) of pixels in [0, 1].</summary>
/// <remarks>Every method throws <see cref="ArgumentException"/> where the two batches differ in shape, are empty, or hold no floating-point numbers.</remarks>
public static class ImageMetrics
{
    private const int SsimWindow = 7;

    /// <summary>Mean squared error over all pixels of all images: mean((x - y)²).</summary>
    /// <returns>0 for equal batches, 1 at most.</returns>
    public static double Mse(Tensor originals, Tensor reconstructions)
    {
        Check(originals, reconstructions);
        using var scope = NewDisposeScope();
        return (originals - reconstructions).square().mean().ToDouble();
    }

    /// <summary>Mean squared error of each image.</summary>
    /// <returns>N values in [0, 1].</returns>
    public static double[] MsePerImage(Tensor originals, Tensor reconstructions)
    {
        Check(originals, reconstructions);
        using var scope = NewDisposeScope();
        return Values((originals - reconstructions).square().mean([1, 2, 3]));
    }

    /// <summary>Peak signal-to-noise ratio of a whole set, in decibels: -10 log10(MSE), the peak being 1.</summary>
    /// <remarks>
    /// Source: ITU-T J.340. The error is averaged over the set before the logarithm is taken, so that a few perfect
    /// images cannot hide bad ones; the mean of <see cref="PsnrPerImage"/> is larger.
    /// </remarks>
    /// <returns>Positive infinity for equal batches.</returns>
    public static double Psnr(Tensor originals, Tensor reconstructions) => -10 * Math.Log10(Mse(originals, reconstructions));

    /// <summary>Peak signal-to-noise ratio of each image, in decibels: -10 log10(MSE), the peak being 1.</summary>
    /// <returns>N values; positive infinity for an image equal to its original.</returns>
    public static double[] PsnrPerImage(Tensor originals, Tensor reconstructions) =>
        [.. MsePerImage(originals, reconstructions).Select(mse => -10 * Math.Log10(mse))];

    /// <summary>Mean structural similarity of a set: the mean of <see cref="SsimPerImage"/>.</summary>
    /// <returns>1 for equal batches, -1 at least.</returns>
    public static double Ssim(Tensor originals, Tensor reconstructions) =>
        SsimPerImage(originals, reconstructions).Average();

    /// <summary>Structural similarity of each image, over all whole windows of 7x7 pixels, each pixel with the same weight.</summary>
    /// <remarks>
    /// Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image Quality Assessment: From Error Visibility to
    /// Structural Similarity", IEEE TIP 13(4), 2004, equation 13, with K1 = 0.01, K2 = 0.03 and unbiased variances, as
    /// scikit-image computes it with its defaults.
    /// </remarks>
    /// <returns>N values, each 1 for an image equal to its original and -1 at least.</returns>
    public static double[] SsimPerImage(Tensor originals, Tensor reconstructions)
    {
        Check(originals, reconstructions);
        if (originals.shape[2] < SsimWindow || originals.shape[3] < SsimWindow)
        {
            throw new ArgumentException($"SSIM needs images of at least {SsimWindow}x{SsimWindow} pixels, not {originals.shape[2]}x{originals.shape[3]}.", nameof(originals));
        }

        using var scope = NewDisposeScope();
        var (x, y) = (originals.to(float64), reconstructions.to(float64));
        var (meanX, meanY) = (WindowMean(x), WindowMean(y));
        const double pixels = SsimWindow * SsimWindow, unbiased = pixels / (pixels - 1), c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
        var varianceX = unbiased * (WindowMean(x * x) - meanX * meanX);
        var varianceY = unbiased * (WindowMean(y * y) - meanY * meanY);
        var covariance = unbiased * (WindowMean(x * y) - meanX * meanY);
        var luminance = (2 * meanX * meanY + c1) / (meanX * meanX + meanY * meanY + c1);
        var structure = (2 * covariance + c2) / (varianceX + varianceY + c2);
        return Values((luminance * structure).mean([1, 2, 3]));
    }

    /// <summary>Binary cross-entropy in nats per pixel: -mean(x ln y + (1 - x) ln(1 - y)).</summary>
    /// <remarks>
    /// It is not zero for equal batches unless every pixel is 0 or 1: its floor is the entropy of the originals themselves,
    /// <c>BinaryCrossEntropy(x, x)</c>. Logarithms are cut off at -100, as in PyTorch's <c>binary_cross_entropy</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">A pixel is not in [0, 1], where alone a cross-entropy means something.</exception>
    public static double BinaryCrossEntropy(Tensor originals, Tensor reconstructions)
    {
        Check(originals, reconstructions);
        using var scope = NewDisposeScope();
        foreach (var images in (Tensor[])[originals, reconstructions])
        {
            var (least, most) = (images.min().ToDouble(), images.max().ToDouble());
            if (!(least >= 0 && most <= 1))
            {
                throw new ArgumentException($"A cross-entropy needs pixels in [0, 1]; these go from {least} to {most}.", ReferenceEquals(images, originals) ? nameof(originals) : nameof(reconstructions));
            }
        }

        return nn.functional.binary_cross_entropy(reconstructions.to(originals.dtype), originals).ToDouble();
    }

    private static Tensor WindowMean(Tensor images) => nn.functional.avg_pool2d(images, SsimWindow, stride: 1);

    private static double[] Values(Tensor perImage) => perImage.to(float64).cpu().data<double>().ToArray();

    private static void Check(Tensor originals, Tensor reconstructions)
    {
        if (originals.dim() != 4 || originals.shape[1] != 1)
        {
            throw new ArgumentException($"Images must have the shape (N, 1, H, W), not ({string.Join(", ", originals.shape)}).", nameof(originals));
        }

        if (originals.numel() == 0 || !originals.is_floating_point() || !reconstructions.is_floating_point())
        {
            throw new ArgumentException($"Images must be some, of floating-point pixels, not ({string.Join(", ", originals.shape)}) of {originals.dtype} and {reconstructions.dtype}.", nameof(originals));
        }

        if (!originals.shape.SequenceEqual(reconstructions.shape))
        {
            throw new ArgumentException(
                $"Originals ({string.Join(", ", originals.shape)}) and reconstructions ({string.Join(", ", reconstructions.shape)}) differ in shape.", nameof(reconstructions));
        }
    }
}
