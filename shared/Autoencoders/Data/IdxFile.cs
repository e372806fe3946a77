using System.Buffers.Binary;
using System.IO.Compression;

namespace Autoencoders.Data;

/// <summary>
/// Reads and writes IDX, the format of the MNIST files: two zero bytes, the element type, the number of
/// dimensions, the size of each as a 32-bit big-endian number, then the elements.
/// </summary>
/// <remarks>
/// The format is described by Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits".
/// Of its element types only unsigned bytes are supported. Files may be gzipped, whatever their names.
/// </remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int SmallestBuffer = 4096;

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
    /// <param name="stream">Stays open. If it cannot seek, it is first copied into memory.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <exception cref="IdxFormatException">The content is not IDX of unsigned bytes, is damaged, or is longer or shorter than its header says.</exception>
    /// <remarks>Memory grows with the bytes that are really there, so a header that claims more costs nothing.</remarks>
    public static IdxArray Read(Stream stream, string name)
    {
        var seekable = stream.CanSeek ? stream : CopyToMemory(stream);
        var stored = seekable.Length - seekable.Position;
        var content = GzipContent.Open(seekable);
        try
        {
            var dimensions = ReadHeader(content, name, out var announced);
            return new IdxArray(dimensions, ReadValues(content, name, announced, stored));
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

    /// <summary>Writes <paramref name="array"/> to <paramref name="path"/>, gzipped if the name ends in <c>.gz</c>.</summary>
    /// <exception cref="ArgumentException">The array has no dimensions, more than 255, a negative one, or not as many values as they say.</exception>
    public static void Write(string path, IdxArray array)
    {
        var header = Header(array);
        using var file = File.Create(path);
        using var gzip = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.SmallestSize) : null;
        Stream target = gzip is null ? file : gzip;
        target.Write(header);
        target.Write(array.Values);
    }

    private static MemoryStream CopyToMemory(Stream stream)
    {
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    private static int[] ReadHeader(Stream content, string name, out int announced)
    {
        Span<byte> magic = stackalloc byte[4];
        ReadWhole(content, magic, name);
        if (magic is not [0, 0, _, _])
        {
            throw new IdxFormatException($"{name} is not an IDX file: it begins with the bytes {magic[0]:X2} {magic[1]:X2}, and IDX begins with 00 00.");
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
        return Dimensions(sizes, name, out announced);
    }

    private static int[] Dimensions(ReadOnlySpan<byte> sizes, string name, out int announced)
    {
        var dimensions = new int[sizes.Length / 4];
        long product = 1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]);
            // Both factors are below 2^32, and the product so far below 2^31, so nothing wraps around.
            product *= size;
            if (size > int.MaxValue || product > Array.MaxLength)
            {
                throw new IdxFormatException($"{name} announces more data than an array can hold: dimension {i + 1} of {dimensions.Length} is {size}.");
            }

            dimensions[i] = (int)size;
        }

        announced = (int)product;
        return dimensions;
    }

    private static void ReadWhole(Stream content, Span<byte> part, string name)
    {
        if (content.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
        {
            throw new IdxFormatException($"{name} is not an IDX file: it ends within the header.");
        }
    }

    private static byte[] ReadValues(Stream content, string name, int announced, long stored)
    {
        // A plain file needs exactly this; a gzip file is rarely larger than its content, and grows from here.
        var values = new byte[Math.Min(announced, Math.Max(stored, SmallestBuffer))];
        var read = content.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        while (read == values.Length && read < announced)
        {
            Array.Resize(ref values, (int)Math.Min(announced, 2L * read));
            read += content.ReadAtLeast(values.AsSpan(read), values.Length - read, throwOnEndOfStream: false);
        }

        if (read < announced)
        {
            throw new IdxFormatException($"{name} is too short: its header announces {announced} bytes of data, and it holds {read}.");
        }

        // Reading on also makes the decompressor check the checksum at the end of a gzip file.
        return content.ReadByte() < 0
            ? values
            : throw new IdxFormatException($"{name} is too long: it goes on after the {announced} bytes of data that its header announces.");
    }

    private static byte[] Header(IdxArray array)
    {
        var dimensions = array.Dimensions;
        if (dimensions.Count is 0 or > byte.MaxValue || dimensions.Any(size => size < 0))
        {
            throw new ArgumentException($"An IDX array has 1 to 255 dimensions of at least 0; this one is {array}.", nameof(array));
        }

        // A double cannot overflow, and is exact for every product that an array's length could equal.
        if (dimensions.Aggregate(1.0, (product, size) => product * size) != array.Values.Length)
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
}
