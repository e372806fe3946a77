using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Autoencoders.Compression;

/// <summary>The content of a <c>.cae</c> or <c>.cal</c> file: codewords of groups of images, and where to find each.</summary>
/// <remarks>
/// <para>Layout of a <c>.cae</c> file, version 2. Numbers are unsigned and little-endian; bit strings begin at the highest bit of a byte.</para>
/// <list type="table">
/// <item><term>bytes 0–3</term><description>the letters <c>CAE2</c>, in ASCII; the digit is the version.</description></item>
/// <item><term>byte 4</term><description>n, the length of the model's name: 1 to 40.</description></item>
/// <item><term>next n</term><description>the model's name, printable ASCII: the model and its quality, such as <c>cae-25</c>.</description></item>
/// <item><term>next 8</term><description>the model's fingerprint: a hash of its tables and its synthesis network.</description></item>
/// <item><term>next 4</term><description>how many images there are: 0 to 2^17.</description></item>
/// <item><term>next 2, 2</term><description>height and width of an image.</description></item>
/// <item><term>next 1</term><description>g, how many images form a group: 1 to 255. The last group may have fewer.</description></item>
/// <item><term>next 4</term><description>m, a length in bits near which those of the groups lie.</description></item>
/// <item><term>next 1</term><description>k, the bits of an index entry that are there in any case: 0 to 31.</description></item>
/// <item><term>next</term><description>the index, a bit string: for each group, the distance d of its length from m, written as a number
/// z = 2d, or -2d - 1 where d is negative: ⌊z / 2^k⌋ ones, a zero, and the last k bits of z (a code of Golomb's, as Rice has it); filled up with
/// zeros to a whole byte.</description></item>
/// <item><term>next ⌈sum of lengths / 8⌉</term><description>the codewords of all groups one after the other, a bit string filled up with zeros
/// to a whole byte. A group begins where the one before it ends; its images share one codeword.</description></item>
/// <item><term>last 4</term><description>the checksum: the first bytes of the SHA-256 of everything before them.</description></item>
/// </list>
/// <para>No image is predicted from another. To decode image i, a reader begins at its group and reads the symbols of at
/// most g - 1 images before it, which it need not draw. Groups of one image cost about a byte and a half more for each.</para>
/// <para>A <c>.cal</c> file, images without loss, begins with <c>CAL1</c>, and its g has four bytes and is at most 2^14; the rest is the same. With the
/// context model a group is one codeword; with bits back it is a stack of whole bytes, its top first (<see cref="LosslessCodec"/>).</para>
/// </remarks>
public sealed class CompressedImages
{
    /// <summary>The most images that a file can hold.</summary>
    public const int LargestCount = 1 << 17;

    private const int LongestName = 40, FingerprintLength = 8, ChecksumLength = 4;

    private readonly CompressedFormat _format;
    private readonly long[] _groupStarts;
    private readonly byte[] _codewords;

    /// <summary>Puts codewords together.</summary>
    /// <param name="model">The name of the model that wrote them.</param>
    /// <param name="fingerprint">The model's fingerprint: 8 bytes.</param>
    /// <param name="count">How many images.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="groupSize">Images in a group.</param>
    /// <param name="groups">The codeword of each group, and its length in bits.</param>
    /// <exception cref="ArgumentException">The numbers do not fit together, or are beyond what a file can hold.</exception>
    public CompressedImages(
        string model, ReadOnlySpan<byte> fingerprint, int count, int height, int width, int groupSize, IReadOnlyList<(byte[] Codeword, long Bits)> groups)
        : this(CompressedFormat.Cae, model, fingerprint, count, height, width, groupSize, groups)
    {
    }

    internal CompressedImages(
        CompressedFormat format, string model, ReadOnlySpan<byte> fingerprint, int count, int height, int width, int groupSize, IReadOnlyList<(byte[] Codeword, long Bits)> groups)
    {
        CheckName(model);
        CheckCounts(count, groupSize, format);
        Require(fingerprint.Length == FingerprintLength, $"A fingerprint has {FingerprintLength} bytes.");
        Require(height is > 0 and <= ushort.MaxValue && width is > 0 and <= ushort.MaxValue, "Height and width are 1 to 65535.");
        Require(groups.Count == GroupCount(count, groupSize), $"{count} images form {GroupCount(count, groupSize)} groups, not {groups.Count}.");
        Require(groups.All(group => group.Bits >= 1 && group.Bits <= 8L * group.Codeword.Length), "A group has a bit at least, and as many as its bytes at most.");
        (_format, Model, Fingerprint, Count, Height, Width, GroupSize) = (format, model, fingerprint.ToArray(), count, height, width, groupSize);
        _groupStarts = [0, .. groups.Select(group => group.Bits)];
        for (var i = 1; i < _groupStarts.Length; i++)
        {
            _groupStarts[i] += _groupStarts[i - 1];
        }

        var writer = new BitWriter(_groupStarts[^1]);
        foreach (var (codeword, bits) in groups)
        {
            writer.Append(codeword, bits);
        }

        _codewords = writer.Bytes;
    }

    private CompressedImages(CompressedFormat format, string model, byte[] fingerprint, int count, int height, int width, int groupSize, long[] groupStarts, byte[] codewords)
    {
        (_format, Model, Fingerprint, Count, Height, Width, GroupSize) = (format, model, fingerprint, count, height, width, groupSize);
        (_groupStarts, _codewords) = (groupStarts, codewords);
    }

    /// <summary>Refuses a name that no file can carry.</summary>
    /// <exception cref="ArgumentException">It is not 1 to 40 printable ASCII characters without spaces.</exception>
    internal static void CheckName(string model) =>
        Require(IsName(model), $"'{model}' cannot name a codec: a name is 1 to {LongestName} printable ASCII characters, without spaces.");

    /// <summary>Refuses numbers that no file can have.</summary>
    /// <exception cref="ArgumentException">There are too many images, or a group has none or too many.</exception>
    internal static void CheckCounts(int count, int groupSize, CompressedFormat format)
    {
        Require(count is >= 0 and <= LargestCount, $"A file holds at most {LargestCount:N0} images, not {count:N0}: make several.");
        Require(groupSize > 0 && groupSize <= format.LargestGroup, $"A group has 1 to {format.LargestGroup:N0} images, not {groupSize:N0}.");
    }

    /// <summary>The name of the model that wrote the file, with its quality.</summary>
    public string Model { get; }

    /// <summary>A hash of the model's tables and weights, so that a model of the same name that was trained anew is not taken for it.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>How many images there are.</summary>
    public int Count { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Images in a group, the last one perhaps excepted.</summary>
    public int GroupSize { get; }

    /// <summary>How many groups there are.</summary>
    public int Groups => _groupStarts.Length - 1;

    /// <summary>The codewords of all groups, first bit highest.</summary>
    public ReadOnlySpan<byte> Codewords => _codewords;

    /// <summary>A decoder at the codeword of a group.</summary>
    public RangeDecoder DecoderOf(int group) => new(_codewords, _groupStarts[group]);

    /// <summary>The stack of a group.</summary>
    /// <exception cref="CaeFormatException">The group is none.</exception>
    internal RansStack StackOf(int group)
    {
        var (start, end) = (_groupStarts[group], _groupStarts[group + 1]);
        try
        {
            return start % 8 == 0 && end % 8 == 0
                ? new RansStack(_codewords.AsSpan((int)(start / 8)..(int)(end / 8)))
                : throw new CaeFormatException($"The .{_format.Name} file is damaged: group {group} is no whole number of bytes.");
        }
        catch (ArgumentException e)
        {
            throw new CaeFormatException($"The .{_format.Name} file is damaged: group {group} is no stack.", e);
        }
    }

    /// <summary>The bit in <see cref="Codewords"/> where a group begins, and for <see cref="Groups"/> where the last one ends.</summary>
    public long GroupStart(int group) => _groupStarts[group];

    /// <summary>How many images a group has.</summary>
    public int ImagesIn(int group) => Math.Min(GroupSize, Count - group * GroupSize);

    /// <summary>The group of an image, and its place there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no image with this index.</exception>
    internal (int Group, int Place) PlaceOf(int index) => index >= 0 && index < Count
        ? Math.DivRem(index, GroupSize)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The file has {Count} images, counted from 0.");

    /// <summary>Compares who wrote the file, and what of, with who is to read it.</summary>
    /// <exception cref="CaeFormatException">Another model wrote it, or the images have another size.</exception>
    internal void CheckWriter(string name, byte[] fingerprint, int height, int width)
    {
        if (Model != name)
        {
            throw new CaeFormatException($"The file was written by the model '{Model}', and this is '{name}': load that one.");
        }

        if (!Fingerprint.AsSpan().SequenceEqual(fingerprint))
        {
            throw new CaeFormatException($"The file was written by another training of '{name}' ({Convert.ToHexStringLower(Fingerprint)}) than this one ({Convert.ToHexStringLower(fingerprint)}).");
        }

        if ((Height, Width) != (height, width))
        {
            throw new CaeFormatException($"The file's images have {Height}x{Width} pixels, and the model '{name}' draws {height}x{width}.");
        }
    }

    /// <summary>Compares where the groups' codewords ended with the index.</summary>
    /// <exception cref="CaeFormatException">One ended elsewhere: its symbols are not those that were written.</exception>
    internal void CheckEnds(long[] ends)
    {
        for (var group = 0; group < Groups; group++)
        {
            if (ends[group] != _groupStarts[group + 1])
            {
                throw new CaeFormatException($"The .{_format.Name} file is damaged: the codeword of group {group} ends at bit {ends[group]}, and the index says {_groupStarts[group + 1]}.");
            }
        }
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        var lengths = Enumerable.Range(0, Groups).Select(g => _groupStarts[g + 1] - _groupStarts[g]).ToArray();
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII);
        writer.Write(_format.Magic);
        writer.Write((byte)Model.Length);
        writer.Write(Encoding.ASCII.GetBytes(Model));
        writer.Write(Fingerprint);
        writer.Write(Count);
        writer.Write((ushort)Height);
        writer.Write((ushort)Width);
        if (_format.HasSmallGroups)
        {
            writer.Write((byte)GroupSize);
        }
        else
        {
            writer.Write(GroupSize);
        }

        writer.Write(GroupIndex.ToBytes(lengths));
        writer.Write(_codewords);
        writer.Write(Checksum(file.ToArray()));
        return file.ToArray();
    }

    /// <summary>Reads the bytes of a file. Takes memory in proportion to them, whatever they claim.</summary>
    /// <exception cref="CaeFormatException">They are no whole <c>.cae</c> file.</exception>
    public static CompressedImages Parse(ReadOnlySpan<byte> file) => Parse(file, CompressedFormat.Cae);

    /// <summary>Reads the bytes of a file of either format.</summary>
    internal static CompressedImages Parse(ReadOnlySpan<byte> file, CompressedFormat format)
    {
        if (!file.StartsWith(format.Magic))
        {
            throw new CaeFormatException(format.Describe(file));
        }

        var content = file[..Math.Max(format.Magic.Length, file.Length - ChecksumLength)];
        if (!file[content.Length..].SequenceEqual(Checksum(content)))
        {
            throw new CaeFormatException($"The .{format.Name} file is damaged or was cut off: its checksum is wrong. Get it anew.");
        }

        try
        {
            return ParseContent(content[format.Magic.Length..], format);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new CaeFormatException($"The .{format.Name} file ends inside its header.", e);
        }
    }

    private static CompressedImages ParseContent(ReadOnlySpan<byte> rest, CompressedFormat format)
    {
        var name = Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1)[0]));
        var fingerprint = Take(ref rest, FingerprintLength).ToArray();
        var count = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4));
        int height = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2)), width = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2));
        var groupSize = format.HasSmallGroups ? Take(ref rest, 1)[0] : BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4));
        if (!IsName(name) || count > LargestCount || groupSize == 0 || groupSize > format.LargestGroup || height == 0 || width == 0)
        {
            throw new CaeFormatException($"The .{format.Name} file's header holds a number that is out of bounds.");
        }

        var starts = GroupIndex.ReadStarts(ref rest, GroupCount((int)count, (int)groupSize));
        if ((starts[^1] + 7) / 8 != rest.Length)
        {
            throw new CaeFormatException($"The .{format.Name} file's index speaks of {starts[^1]} bits for {count} images, and {rest.Length} bytes are there.");
        }

        return new CompressedImages(format, name, fingerprint, (int)count, height, width, (int)groupSize, starts, rest.ToArray());
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => c is > ' ' and < (char)127);

    private static int GroupCount(int count, int groupSize) => (count + groupSize - 1) / groupSize;

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, ChecksumLength);

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
