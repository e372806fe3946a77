using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>What a codec makes of images at one of its settings.</summary>
/// <param name="Bytes">Bytes an image, on average.</param>
/// <param name="Psnr">The quality in decibels.</param>
/// <param name="Images">The decoded images to show: (N, 1, H, W) in [0, 1].</param>
public sealed record CodecRate(double Bytes, double Psnr, Tensor Images);
