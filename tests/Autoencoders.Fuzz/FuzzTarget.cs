using System.Security.Cryptography;

namespace Autoencoders.Fuzz;

/// <summary>A reader that is given damaged input.</summary>
/// <param name="Name">How the command line and the folder of its corpus call it.</param>
/// <param name="Refusal">The one exception that it documents.</param>
/// <param name="Read">Reads an input, and says how many bytes it made of it.</param>
/// <param name="Seeds">Whole inputs, to damage.</param>
internal sealed record FuzzTarget(string Name, Type Refusal, Func<byte[], long> Read, IReadOnlyList<byte[]> Seeds)
{
    /// <summary>Words of the format, to put where they do not belong.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>How many bytes an input may take beyond its own and its content's size; what is dropped at once counts too.</summary>
    public long MostBytes { get; init; } = 50_000_000;

    /// <summary>Makes an input by the rules of the format, or nearly so.</summary>
    public Func<Random, byte[]>? Generate { get; init; }

    /// <summary>Makes a checksum right again, so that the damage is met behind it.</summary>
    public Func<byte[], byte[]>? Repair { get; init; }

    /// <summary>Small inputs that broke a reader once, by their file names.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Corpus
    {
        get
        {
            var folder = Path.Combine(ProjectFolder.Root, "tests", "Autoencoders.Fuzz", "Corpus", Name);
            return Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => KeyValuePair.Create(Path.GetFileName(path), File.ReadAllBytes(path)))
                : [];
        }
    }

    /// <summary>A file in a folder of its own that is gone after the process: in memory where the system has such folders, for disks are slow.</summary>
    public static string TemporaryFile(string name)
    {
        const string inMemory = "/dev/shm";
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists(inMemory) ? inMemory : Path.GetTempPath(), $"fuzz-{Path.GetRandomFileName()}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return Path.Combine(folder.FullName, name);
    }

    /// <summary>An input whose last bytes are the first of the hash of those before them.</summary>
    public static byte[] Sealed(byte[] input, int length) =>
        input.Length < length ? input : [.. input[..^length], .. SHA256.HashData(input.AsSpan(0, input.Length - length))[..length]];

    /// <summary>Reads inputs from a file, for readers that take nothing else.</summary>
    public static Func<byte[], long> FromFile(string name, Func<string, long> read)
    {
        var path = TemporaryFile(name);
        return input =>
        {
            File.WriteAllBytes(path, input);
            return read(path);
        };
    }
}
