using System.Text;

namespace Autoencoders;

/// <summary>What a file is that should be something else, so that a message can say more than what it is not.</summary>
internal static class FileKind
{
    /// <summary>Of how many bytes <see cref="Describe"/> can make use.</summary>
    public const int Start = 64;

    /// <summary>Names the kind of a file, and what to do about it; null where it is none of those that are often mistaken.</summary>
    /// <param name="start">The first bytes of the file: all it has, or <see cref="Start"/>.</param>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        var text = Encoding.ASCII.GetString(start[..Math.Min(start.Length, Start)]).TrimStart('?', ' ', '\t', '\r', '\n');
        return start switch
        {
            _ when text.StartsWith("version https://git-lfs", StringComparison.Ordinal) => "a Git LFS pointer, not the file itself: run `git lfs pull`",
            _ when text is ['<', ..] => "an HTML page, as failed downloads leave it: get the file anew",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a zip archive: unpack it first",
            [0x1f, 0x8b, ..] => "a gzip file: unpack it first",
            [0, 0, 8, > 0 and < 5, ..] => "an IDX file",
            [(byte)'C', (byte)'A', (byte)'E', >= (byte)'0' and <= (byte)'9', ..] => "a .cae file",
            [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] => "a safetensors file",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "a PNG picture",
            _ when text is ['{', ..] => "a JSON file, such as a notebook",
            _ => null,
        };
    }
}
