using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Autoencoders.Compression;

/// <summary>The content of a <c>.cal</c> file: images without loss, in groups, and where to find each.</summary>
/// <remarks>
/// <para>Layout, version 1. Numbers are unsigned and little-endian; bit strings begin at the highest bit of a byte.</para>
/// <list type="table">
/// <item><term>bytes 0–3</term><description>the letters <c>CAL1</c>, in ASCII; the digit is the version.</description></item>
/// <item><term>byte 4</term><description>n, the length of the model's name: 1 to 40.</description></item>
/// <item><term>next n</term><description>the model's name, printable ASCII, such as <c>lossless-pixels</c>.</description></item>
/// <item><term>next 8</term><description>the model's fingerprint: a hash of its numbers.</description></item>
/// <item><term>next 4</term><description>how many images there are: 0 to 2^17.</description></item>
/// <item><term>next 2, 2</term><description>height and width of an image: 28 and 28.</description></item>
/// <item><term>next 4</term><description>how many images form a group: 1 to 2^14. The last group may have fewer.</description></item>
/// <item><term>next</term><description>the index of the groups' lengths, as <see cref="CompressedImages"/> has it.</description></item>
/// <item><term>next ⌈sum of lengths / 8⌉</term><description>the groups one after the other, a bit string filled up with zeros to a whole byte. With the
/// context model a group is one codeword of the range coder; with bits back it is a <see cref="RansStack"/> of whole bytes, its top first.</description></item>
/// <item><term>last 4</term><description>the checksum: the first bytes of the SHA-256 of everything before them.</description></item>
/// </list>
/// </remarks>
internal sealed class LosslessFile
{
    /// <summary>The most images that a file can hold.</summary>
    public const int LargestCount = CompressedImages.LargestCount;

    /// <summary>The most images that a group can have.</summary>
    public const int LargestGroup = 1 << 14;

    private const int Side = PixelHistory.Side, FingerprintLength = 8, ChecksumLength = 4;
    private static readonly byte[] Magic = "CAL1"u8.ToArray();

    private readonly long[] _groupStarts;
    private readonly byte[] _content;

    private LosslessFile(string model, byte[] fingerprint, int count, int groupSize, long[] groupStarts, byte[] content)
    {
        (Model, Fingerprint, Count, GroupSize) = (model, fingerprint, count, groupSize);
        (_groupStarts, _content) = (groupStarts, content);
    }

    /// <summary>The name of the model that wrote the file.</summary>
    public string Model { get; }

    /// <summary>A hash of the model's numbers.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>How many images there are.</summary>
    public int Count { get; }

    /// <summary>Images in a group, the last one perhaps excepted.</summary>
    public int GroupSize { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups => _groupStarts.Length - 1;

    /// <summary>Puts groups together.</summary>
    /// <returns>The bytes of a file.</returns>
    public static byte[] ToBytes(string model, byte[] fingerprint, int count, int groupSize, IReadOnlyList<(byte[] Bytes, long Bits)> groups)
    {
        var content = new BitWriter(groups.Sum(group => group.Bits));
        foreach (var (bytes, bits) in groups)
        {
            content.Append(bytes, bits);
        }

        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII);
        writer.Write(Magic);
        writer.Write((byte)model.Length);
        writer.Write(Encoding.ASCII.GetBytes(model));
        writer.Write(fingerprint);
        writer.Write(count);
        writer.Write((ushort)Side);
        writer.Write((ushort)Side);
        writer.Write(groupSize);
        writer.Write(GroupIndex.ToBytes([.. groups.Select(group => group.Bits)]));
        writer.Write(content.Bytes);
        writer.Write(Checksum(file.ToArray()));
        return file.ToArray();
    }

    /// <summary>Reads the bytes of a file. Takes memory in proportion to them, whatever they claim.</summary>
    /// <exception cref="CaeFormatException">They are no whole <c>.cal</c> file.</exception>
    public static LosslessFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < Magic.Length || !file[..Magic.Length].SequenceEqual(Magic))
        {
            throw new CaeFormatException(file is [(byte)'C', (byte)'A', (byte)'L', >= (byte)'2' and <= (byte)'9', ..]
                ? "The file has a later version than 1 of the .cal format: update the program that reads it."
                : $"This is no .cal file{(FileKind.Describe(file) is { } kind ? $" but {kind}" : ": it does not begin with CAL1")}.");
        }

        var content = file[..Math.Max(Magic.Length, file.Length - ChecksumLength)];
        if (!file[content.Length..].SequenceEqual(Checksum(content)))
        {
            throw new CaeFormatException("The .cal file is damaged or was cut off: its checksum is wrong. Get it anew.");
        }

        try
        {
            return ParseContent(content[Magic.Length..]);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new CaeFormatException("The .cal file ends inside its header.", e);
        }
    }

    /// <summary>A decoder at the codeword of a group.</summary>
    public RangeDecoder DecoderOf(int group) => new(_content, _groupStarts[group]);

    /// <summary>The stack of a group.</summary>
    /// <exception cref="CaeFormatException">The group is none.</exception>
    public RansStack StackOf(int group)
    {
        var (start, end) = (_groupStarts[group], _groupStarts[group + 1]);
        try
        {
            return start % 8 == 0 && end % 8 == 0
                ? new RansStack(_content.AsSpan((int)(start / 8)..(int)(end / 8)))
                : throw new CaeFormatException($"The .cal file is damaged: group {group} is no whole number of bytes.");
        }
        catch (ArgumentException e)
        {
            throw new CaeFormatException($"The .cal file is damaged: group {group} is no stack.", e);
        }
    }

    /// <summary>The bit where a group begins, and for <see cref="Groups"/> where the last one ends.</summary>
    public long GroupStart(int group) => _groupStarts[group];

    /// <summary>How many images a group has.</summary>
    public int ImagesIn(int group) => Math.Min(GroupSize, Count - group * GroupSize);

    private static LosslessFile ParseContent(ReadOnlySpan<byte> rest)
    {
        var name = Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1)[0]));
        var fingerprint = Take(ref rest, FingerprintLength).ToArray();
        var count = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4));
        int height = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2)), width = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2));
        var groupSize = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4));
        if (!CompressedImages.IsName(name) || count > LargestCount || groupSize is 0 or > LargestGroup || (height, width) != (Side, Side))
        {
            throw new CaeFormatException("The .cal file's header holds a number that is out of bounds.");
        }

        var starts = GroupIndex.ReadStarts(ref rest, (int)((count + groupSize - 1) / groupSize));
        if ((starts[^1] + 7) / 8 != rest.Length)
        {
            throw new CaeFormatException($"The .cal file's index speaks of {starts[^1]} bits for {count} images, and {rest.Length} bytes are there.");
        }

        return new LosslessFile(name, fingerprint, (int)count, (int)groupSize, starts, rest.ToArray());
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, ChecksumLength);
}
