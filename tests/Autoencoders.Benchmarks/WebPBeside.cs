using System.Globalization;

namespace Autoencoders.Benchmarks;

/// <summary>WebP on the same images in the same minute: speeds are worth comparing only so, on a machine that others use too.</summary>
/// <param name="Setting">The lowest quality that reaches the PSNR it is compared with.</param>
/// <param name="EncodeImagesPerSecond">How fast it encodes, in turn with the codec; null where that was not timed.</param>
/// <param name="DecodeImagesPerSecond">How fast it decodes, in turn with the codec.</param>
internal sealed record WebPBeside(string Setting, double? EncodeImagesPerSecond, double DecodeImagesPerSecond)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"   webp {Setting,-4} {EncodeImagesPerSecond,9:F0} {DecodeImagesPerSecond,9:F0}");
}
