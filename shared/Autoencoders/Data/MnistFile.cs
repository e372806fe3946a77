using System.Security.Cryptography;

namespace Autoencoders.Data;

/// <summary>One of the files that MNIST consists of.</summary>
/// <param name="Name">The file's name without <c>.gz</c>.</param>
/// <param name="Length">Bytes of the uncompressed file.</param>
/// <param name="Sha256">SHA-256 of the uncompressed file: mirrors compress it differently.</param>
internal sealed record MnistFile(string Name, long Length, string Sha256)
{
    public static readonly MnistFile TrainImages =
        new("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db");

    public static readonly MnistFile TrainLabels =
        new("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    public static readonly MnistFile TestImages =
        new("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7");

    public static readonly MnistFile TestLabels =
        new("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    public static readonly IReadOnlyList<MnistFile> All = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The name under which mirrors serve the file and a download keeps it.</summary>
    public string GzipName => Name + ".gz";

    /// <summary>The most bytes that the gzipped file can have: incompressible data grows, but by less than this.</summary>
    public long LongestGzip => Length + Length / 1000 + 1024;

    /// <summary>The path of the file in <paramref name="folder"/>, gzipped before plain, or null if it has neither.</summary>
    public string? FindIn(string folder) =>
        new[] { GzipName, Name }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Whether <paramref name="stream"/> holds the file of MNIST, gzipped or not; no more is read of it than that file has.</summary>
    public bool IsIn(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, length) = (new byte[1 << 16], 0L);
        try
        {
            using var content = GzipContent.Open(stream);
            while (length <= Length && content.Read(buffer) is var read and > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        return length == Length && IsHash(hash);
    }

    /// <summary>Whether <paramref name="array"/> is what the file of MNIST holds.</summary>
    public bool Holds(IdxArray array)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(IdxFile.Header(array));
        hash.AppendData(array.Values);
        return IsHash(hash);
    }

    private bool IsHash(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset()) == Sha256;
}
