using System.Security.Cryptography;
using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

/// <summary>Files with the names of MNIST and a handful of random images.</summary>
internal static class SmallMnist
{
    public const int TrainCount = 12, TestCount = 5;

    /// <summary>Writes the four files into <paramref name="folder"/>, their names followed by <paramref name="ending"/>.</summary>
    public static void Write(string folder, string ending)
    {
        WritePair(folder, "train", TrainCount, ending);
        WritePair(folder, "t10k", TestCount, ending);
    }

    /// <summary>The files in <paramref name="folder"/>, with their own checksums instead of those of MNIST.</summary>
    public static IReadOnlyList<MnistFile> Describe(string folder) =>
        [.. MnistFile.All.Select(file => Describe(file.Name, Compression.ReadGzip(Path.Combine(folder, file.GzipName))))];

    private static MnistFile Describe(string name, byte[] content) =>
        new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private static void WritePair(string folder, string prefix, int count, string ending)
    {
        var pixels = new byte[count * 28 * 28];
        new Random(count).NextBytes(pixels);
        IdxFile.Write(Path.Combine(folder, $"{prefix}-images-idx3-ubyte{ending}"), new IdxArray([count, 28, 28], pixels));
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];
        IdxFile.Write(Path.Combine(folder, $"{prefix}-labels-idx1-ubyte{ending}"), new IdxArray([count], labels));
    }
}
