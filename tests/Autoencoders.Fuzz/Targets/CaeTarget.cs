using System.Security.Cryptography;
using Autoencoders.Compression;
using static TorchSharp.torch;

namespace Autoencoders.Fuzz.Targets;

internal static class CaeTarget
{
    // Files of more images are read one image at a time: all of them would be right to take long.
    private const int MostImages = 2000;

    public static FuzzTarget Create()
    {
        TorchRuntime.Initialize();
        var codec = CodecTarget.Untrained(14, 3);
        using var images = rand(5, 1, 28, 28);
        return new FuzzTarget("cae", typeof(CaeFormatException), input => Read(codec, input), [codec.Encode(images, 2), codec.Encode(images, 1), codec.Encode(images)])
        {
            Words = ["CAE1", "CAE2", codec.Name],
            Repair = input => input.Length < 4 ? input : [.. input[..^4], .. SHA256.HashData(input.AsSpan(0, input.Length - 4))[..4]],
        };
    }

    private static long Read(ImageCodec codec, byte[] input)
    {
        var count = CompressedImages.Parse(input).Count;
        if (count <= MostImages)
        {
            return codec.DecodePixels(input).Length;
        }

        using var image = codec.DecodeOne(input, count - 1);
        return image.numel() * sizeof(float);
    }
}
