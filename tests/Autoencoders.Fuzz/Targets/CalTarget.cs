using Autoencoders.Compression;
using Autoencoders.Data;

namespace Autoencoders.Fuzz.Targets;

internal static class CalTarget
{
    // Of files with more images only the header is read: all of them would be right to take long.
    private const int MostImages = 100;

    public static FuzzTarget Create()
    {
        using var vae = new VaeNetwork(new VaeShape(2, 1));
        using var pixels = new PixelNetwork(new PixelShape(2, 2, 16, 16));
        LosslessCodec[] codecs = [LosslessCodec.From(vae, "fuzz-vae"), LosslessCodec.From(pixels, "fuzz-pixels")];
        var random = new Random(1);
        var noise = new byte[5 * 784];
        random.NextBytes(noise);
        byte[][] seeds = [.. codecs.SelectMany(codec => (byte[][])[codec.Encode(Few(noise), 2), codec.Encode(Few(new byte[5 * 784]))])];
        return new FuzzTarget("cal", typeof(CaeFormatException), input => Read(codecs, input), seeds)
        {
            Words = ["CAL1", "CAL2", .. codecs.Select(codec => codec.Name)],
            Generate = chance => Generate(codecs[chance.Next(2)], seeds, chance),
            Repair = input => FuzzTarget.Sealed(input, 4),
        };
    }

    private static ImageSet Few(byte[] pixels) => new(pixels, new byte[pixels.Length / 784], 28, 28);

    // Any number of images, in groups of any size, out of any bits.
    private static byte[] Generate(LosslessCodec codec, byte[][] seeds, Random random)
    {
        var (count, groupSize) = (random.Next(40), random.Next(1, 50));
        var fingerprint = seeds.Select(seed => CompressedImages.Parse(seed, CompressedFormat.Cal)).First(file => file.Model == codec.Name).Fingerprint;
        var groups = Enumerable.Range(0, (count + groupSize - 1) / groupSize).Select(_ =>
        {
            var content = new byte[random.Next(2) == 0 ? 8 + 4 * random.Next(20) : random.Next(1, 40)];
            random.NextBytes(content);
            content[Math.Min(7, content.Length - 1)] &= 0x7f;
            return (content, random.Next(4) == 0 ? random.Next(1, 8 * content.Length + 1) : 8L * content.Length);
        });
        return new CompressedImages(CompressedFormat.Cal, codec.Name, fingerprint, count, 28, 28, groupSize, [.. groups]).ToBytes();
    }

    private static long Read(LosslessCodec[] codecs, byte[] input)
    {
        var file = CompressedImages.Parse(input, CompressedFormat.Cal);
        return file.Count > MostImages ? file.Groups : (codecs.FirstOrDefault(codec => codec.Name == file.Model) ?? codecs[0]).Decode(input, threads: 1).Length;
    }
}
