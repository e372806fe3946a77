using System.IO.Compression;
using Autoencoders.Data;

namespace Autoencoders.Fuzz.Targets;

internal static class IdxTarget
{
    public static FuzzTarget Create()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[784], .. Enumerable.Range(0, 784).Select(i => (byte)i)];
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1];
        return new FuzzTarget("idx", typeof(IdxFormatException), input => IdxFile.Read(new MemoryStream(input), "input").Values.Length, [images, labels, Gzip(images), Gzip(labels)])
        {
            Generate = random => Generate(random),
            Repair = Gzip,
        };
    }

    // A header of any sizes, and often as many values as it says.
    private static byte[] Generate(Random random)
    {
        int[] sizes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(8) switch { 0 => 0, 1 => random.Next(), 2 => 65536, _ => random.Next(1, 20) })];
        var count = sizes.Aggregate(1.0, (product, size) => product * size);
        byte[] header = [0, 0, 8, (byte)sizes.Length, .. sizes.SelectMany(size => BitConverter.GetBytes(size).Reverse())];
        return [.. header, .. new byte[count < 100_000 && random.Next(4) > 0 ? (int)count : random.Next(100)]];
    }

    private static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }
}
