using System.Text;

namespace Autoencoders.Compression;

/// <summary>What tells the two kinds of files with images in groups apart; <see cref="CompressedImages"/> has their layout.</summary>
/// <param name="Name">The ending of a file's name, whose letters begin the file.</param>
/// <param name="Version">The digit behind them.</param>
/// <param name="LargestGroup">The most images that a group can have: written in a byte where they fit into one, and else in four.</param>
internal sealed record CompressedFormat(string Name, char Version, int LargestGroup)
{
    public static readonly CompressedFormat Cae = new("cae", '2', byte.MaxValue), Cal = new("cal", '1', 1 << 14);

    public byte[] Magic { get; } = Encoding.ASCII.GetBytes($"{Name.ToUpperInvariant()}{Version}");

    public bool HasSmallGroups => LargestGroup <= byte.MaxValue;

    /// <summary>Says what a file is that does not begin as one of this format does.</summary>
    public string Describe(ReadOnlySpan<byte> file)
    {
        var version = file.Length >= Magic.Length && file.StartsWith(Magic.AsSpan()[..^1]) && char.IsAsciiDigit((char)file[Magic.Length - 1]) ? (char)file[Magic.Length - 1] : Version;
        return version < Version ? $"The file has version {version} of the .{Name} format, and this program reads version {Version}: decode it with the program that wrote it, and encode the images anew."
            : version > Version ? $"The file has a later version than {Version} of the .{Name} format: update the program that reads it."
            : $"This is no .{Name} file{(FileKind.Describe(file) is { } kind ? $" but {kind}" : $": it does not begin with {Name.ToUpperInvariant()}{Version}")}.";
    }
}
