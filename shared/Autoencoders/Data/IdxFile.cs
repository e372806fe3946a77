using System.Buffers.Binary;
using System.IO.Compression;

namespace Autoencoders.Data;

/// <summary>
/// Reads and writes IDX, the format of the MNIST files: two zero bytes, the element type, the number of
/// dimensions, the size of each as a 32-bit big-endian number, then the elements.
/// </summary>
/// <remarks>
/// The format is described by Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits".
/// Of its element types only unsigned bytes are supported. Files may be gzipped, whatever their names. A file holds at most as many
/// bytes as an array can have, 2^31 - 57; what its header announces is compared with its length before memory is taken for it, once.
/// </remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int LongestCopy = 1 << 28, BufferSize = 1 << 16;

    // Deflate cannot pack more than this into a byte: two bits for 258 bytes.
    private const int DensestGzip = 1032;

    /// <summary>Reads the IDX file at <paramref name="path"/>, plain or gzipped.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IdxFormatException">The file is not IDX of unsigned bytes, is damaged, or is longer or shorter than its header says.</exception>
    public static IdxArray Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.", path);
        }

        using var file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads IDX, plain or gzipped, from the position of <paramref name="stream"/> to its end.</summary>
    /// <param name="stream">Stays open. If it cannot seek, it is first copied into memory, up to 256 MiB.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <exception cref="IdxFormatException">The content is not IDX of unsigned bytes, is damaged, or is longer or shorter than its header says.</exception>
    public static IdxArray Read(Stream stream, string name)
    {
        var seekable = stream.CanSeek ? stream : CopyToMemory(stream, name);
        var start = seekable.Position;
        var content = GzipContent.Open(seekable);
        try
        {
            var dimensions = ReadHeader(content, name);
            var announced = Count(dimensions) ?? throw new IdxFormatException($"{name} announces {new IdxArray(dimensions, [])} bytes, more than an array can hold.");
            CheckLength(name, announced, content == seekable ? seekable.Length - seekable.Position : null, seekable.Length - start);
            return new IdxArray(dimensions, ReadValues(content, name, announced));
        }
        catch (InvalidDataException e)
        {
            throw new IdxFormatException($"{name} is a damaged gzip file: it cannot be decompressed.", e);
        }
        finally
        {
            if (content != seekable)
            {
                content.Dispose();
            }
        }
    }

    /// <summary>Writes <paramref name="array"/> to <paramref name="path"/>, gzipped if the name ends in <c>.gz</c>; the file is there whole or not at all.</summary>
    /// <exception cref="ArgumentException">The array has no dimensions, more than 255, a negative one, or not as many values as they say.</exception>
    public static void Write(string path, IdxArray array)
    {
        var header = Header(array);
        AtomicFile.Write(path, file =>
        {
            using var gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.SmallestSize, leaveOpen: true) : null;
            var target = gzip ?? file;
            target.Write(header);
            target.Write(array.Values);
        });
    }

    /// <summary>The bytes before the values.</summary>
    /// <exception cref="ArgumentException">The array has no dimensions, more than 255, a negative one, or not as many values as they say.</exception>
    internal static byte[] Header(IdxArray array)
    {
        var dimensions = array.Dimensions;
        if (dimensions.Count is 0 or > byte.MaxValue || dimensions.Any(size => size < 0))
        {
            throw new ArgumentException($"An IDX array has 1 to 255 dimensions of at least 0; this one is {array}.", nameof(array));
        }

        if (Count(dimensions) != array.Values.Length)
        {
            throw new ArgumentException($"The dimensions {array} do not fit the {array.Values.Length} values.", nameof(array));
        }

        var header = new byte[4 + 4 * dimensions.Count];
        (header[2], header[3]) = (UnsignedByte, (byte)dimensions.Count);
        for (var i = 0; i < dimensions.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        }

        return header;
    }

    private static MemoryStream CopyToMemory(Stream stream, string name)
    {
        var (copy, buffer) = (new MemoryStream(), new byte[BufferSize]);
        while (stream.Read(buffer) is var read and > 0)
        {
            copy.Write(buffer, 0, copy.Length + read <= LongestCopy ? read : throw new IdxFormatException($"{name} is longer than {LongestCopy} bytes, and cannot seek: save it to a file first."));
        }

        copy.Position = 0;
        return copy;
    }

    // Null where it is more than an array can have. A size of 0 makes it 0, however large the others are.
    private static int? Count(IReadOnlyList<int> dimensions)
    {
        long product = dimensions.Contains(0) ? 0 : 1;
        foreach (var size in dimensions)
        {
            // Both factors are below 2^31, so nothing wraps around.
            product *= size;
            if (product > Array.MaxLength)
            {
                return null;
            }
        }

        return (int)product;
    }

    private static int[] ReadHeader(Stream content, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        ReadWhole(content, magic, name);
        if (magic is not [0, 0, _, _])
        {
            Span<byte> start = stackalloc byte[FileKind.Start];
            magic.CopyTo(start);
            var length = magic.Length + content.ReadAtLeast(start[magic.Length..], FileKind.Start - magic.Length, throwOnEndOfStream: false);
            throw new IdxFormatException(FileKind.Describe(start[..length]) is { } kind
                ? $"{name} is not an IDX file but {kind}."
                : $"{name} is not an IDX file: it begins with the bytes {magic[0]:X2} {magic[1]:X2}, and IDX begins with 00 00.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new IdxFormatException($"{name} has the IDX element type 0x{magic[2]:X2}; only unsigned bytes (0x08) are supported.");
        }

        if (magic[3] == 0)
        {
            throw new IdxFormatException($"{name} is an IDX file without dimensions, so it holds no data.");
        }

        var sizes = new byte[4 * magic[3]];
        ReadWhole(content, sizes, name);
        var dimensions = new int[magic[3]];
        for (var i = 0; i < dimensions.Length; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(4 * i));
            dimensions[i] = size <= int.MaxValue ? (int)size : throw new IdxFormatException($"{name} announces more data than an array can hold: dimension {i + 1} of {dimensions.Length} is {size}.");
        }

        return dimensions;
    }

    private static void ReadWhole(Stream content, Span<byte> part, string name)
    {
        if (content.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
        {
            throw new IdxFormatException($"{name} is not an IDX file: it ends within the header.");
        }
    }

    // A plain file's length is known; a gzip file is read to its end, but not where it cannot hold so much.
    private static void CheckLength(string name, int announced, long? plain, long stored)
    {
        if (plain < announced || announced > DensestGzip * (decimal)stored)
        {
            throw new IdxFormatException($"{name} is too short: its header announces {announced} bytes of data, and it holds {(plain is null ? "far fewer" : $"{plain}")}.");
        }

        if (plain > announced)
        {
            throw TooLong(name, announced);
        }
    }

    private static byte[] ReadValues(Stream content, string name, int announced)
    {
        var values = GC.AllocateUninitializedArray<byte>(announced);
        var read = content.ReadAtLeast(values, announced, throwOnEndOfStream: false);
        if (read < announced)
        {
            throw new IdxFormatException($"{name} is too short: its header announces {announced} bytes of data, and it holds {read}.");
        }

        // Reading on also makes the decompressor check the checksum at the end of a gzip file.
        return content.ReadByte() < 0 ? values : throw TooLong(name, announced);
    }

    private static IdxFormatException TooLong(string name, int announced) =>
        new($"{name} is too long: it goes on after the {announced} bytes of data that its header announces.");
}
