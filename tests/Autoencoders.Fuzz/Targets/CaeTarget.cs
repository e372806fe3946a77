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
        byte[][] seeds = [codec.Encode(images, 2), codec.Encode(images, 1), codec.Encode(images)];
        var fingerprint = CompressedImages.Parse(seeds[0]).Fingerprint;
        return new FuzzTarget("cae", typeof(CaeFormatException), input => Read(codec, input), seeds)
        {
            Words = ["CAE1", "CAE2", codec.Name],
            Generate = random => Generate(codec.Name, fingerprint, random),
            Repair = input => FuzzTarget.Sealed(input, 4),
        };
    }

    // Any number of images, in groups of any size, out of any bits.
    private static byte[] Generate(string model, byte[] fingerprint, Random random)
    {
        var (count, groupSize) = (random.Next(random.Next(8) == 0 ? 20_000 : 40), random.Next(1, 256));
        var groups = Enumerable.Range(0, (count + groupSize - 1) / groupSize).Select(_ =>
        {
            var codeword = new byte[random.Next(1, 40)];
            random.NextBytes(codeword);
            return (codeword, (long)random.Next(1, 8 * codeword.Length + 1));
        });
        return new CompressedImages(model, fingerprint, count, 28, 28, groupSize, [.. groups]).ToBytes();
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
