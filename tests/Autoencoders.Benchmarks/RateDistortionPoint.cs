using System.Globalization;
using Autoencoders.Data;
using Autoencoders.Metrics;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>One codec at one setting, measured on a whole set.</summary>
internal sealed record RateDistortionPoint(
    string Codec,
    string Setting,
    double BytesPerImage,
    double? PsnrDb,
    double Ssim,
    double Bce,
    double EncodeImagesPerSecond,
    double DecodeImagesPerSecond,
    WebPBeside? Beside = null)
{
    /// <summary>Scores decoded 8-bit pixels against the originals; null for the PSNR of a lossless codec, which is infinite.</summary>
    public static RateDistortionPoint Measure(
        string codec, string setting, ImageSet originals, byte[] decoded, long bytes, double encodeSeconds, double decodeSeconds)
    {
        using var scope = NewDisposeScope();
        var x = originals.ToTensor();
        var y = new ImageSet(decoded, originals.Labels, originals.Height, originals.Width).ToTensor();
        var psnr = ImageMetrics.Psnr(x, y);
        // A pixel decoded as exactly 0 or 1 would have an infinite cross-entropy wherever the original is grey.
        const double least = 1e-7;
        return new RateDistortionPoint(
            codec,
            setting,
            (double)bytes / originals.Count,
            double.IsFinite(psnr) ? psnr : null,
            ImageMetrics.Ssim(x, y),
            ImageMetrics.BinaryCrossEntropy(x, y.clamp(least, 1 - least)),
            originals.Count / encodeSeconds,
            originals.Count / decodeSeconds);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Codec,-6} {Setting,-16} {BytesPerImage,11:F2} {PsnrDb ?? double.PositiveInfinity,8:F2} {Ssim,7:F4} {Bce,8:F5} {EncodeImagesPerSecond,9:F0} {DecodeImagesPerSecond,9:F0}") + Beside;
}
