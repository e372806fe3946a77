using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Weights;

/// <summary>Reads and writes tensors in the safetensors format, which holds numbers only and can run no code.</summary>
/// <remarks>
/// Layout: 8 bytes, little-endian, with the length of the header; the header, a JSON object from each name to
/// <c>dtype</c>, <c>shape</c> and <c>data_offsets</c> (first byte and the byte after the last, counted from the end of the header);
/// then the numbers, little-endian, row by row, without gaps. Source: the format's description at github.com/huggingface/safetensors.
/// Limits: a header of 16 MiB, and 2 GiB a tensor. What this class writes it can read.
/// </remarks>
public static class Safetensors
{
    private const int LargestHeader = 16 << 20;
    private const string Metadata = "__metadata__", Seal = "sha256";

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1), ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes tensors to a file, which is there whole or not at all.</summary>
    /// <param name="path">The file to make or replace; where this throws, it stays as it was.</param>
    /// <param name="tensors">The tensors by name; they may lie on any device that holds numbers, and in any memory format.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, one has a name that the format keeps for itself or that is no Unicode text, is larger than 2 GiB, or the names are too long for a header.</exception>
    /// <exception cref="NotSupportedException">A tensor has a type that the format lacks, is sparse, or is on the device meta, which has no numbers.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        var (header, contents) = Prepare(tensors);
        AtomicFile.Write(path, stream => Write(stream, header, contents));
    }

    /// <summary>The same, sealed: the last tensor, <c>sha256</c>, is the SHA-256 of all bytes of the file before its own.</summary>
    internal static void SaveSealed(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        var (header, contents) = Prepare(tensors.Append(new(Seal, zeros(SHA256.HashSizeInBytes, ScalarType.Byte))));
        AtomicFile.Write(path, stream =>
        {
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
            {
                Write(hashed, header, contents[..^1]);
            }

            stream.Write(hash.Hash);
        });
    }

    /// <summary>Reads all tensors of a file, onto the CPU.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name; the caller disposes of them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is not of this format, is damaged or was cut off.</exception>
    public static Dictionary<string, Tensor> Load(string path) => Load(path, isSealed: false);

    /// <summary>Reads all tensors of a file that <see cref="SaveSealed"/> wrote, without the seal.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is not of this format, is not sealed, or any bit of it is not as it was written.</exception>
    internal static Dictionary<string, Tensor> LoadSealed(string path) => Load(path, isSealed: true);

    private static Dictionary<string, Tensor> Load(string path, bool isSealed)
    {
        TorchRuntime.Initialize();
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.", path);
        }

        using var stream = File.OpenRead(path);
        try
        {
            var header = ReadHeader(stream);
            if (isSealed)
            {
                CheckSeal(stream, header);
            }

            var tensors = ReadTensors(stream, header);
            if (isSealed && tensors.Remove(Seal, out var seal))
            {
                seal.Dispose();
            }

            return tensors;
        }
        catch (ExternalException e)
        {
            // An empty tensor has strides too, and those may overflow.
            var failure = NativeFailure.Short(e);
            throw new SafetensorsFormatException($"{path} is no whole safetensors file: {failure.Message}.", failure);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new SafetensorsFormatException($"{path} is no whole safetensors file: {e.Message}", e);
        }
    }

    private static (byte[] Header, List<Tensor> Contents) Prepare(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var header = new JsonObject();
        var contents = new List<Tensor>();
        long offset = 0;
        foreach (var (name, tensor) in tensors)
        {
            CheckName(name, header);
            var (type, _, size) = Types.FirstOrDefault(t => t.Type == tensor.dtype);
            if (type is null || tensor.is_sparse || tensor.device_type == DeviceType.META)
            {
                throw new NotSupportedException($"Safetensors has no type for '{name}': {(type is null ? tensor.dtype : tensor.is_sparse ? "a sparse tensor" : "a tensor on the device meta")}.");
            }

            var end = offset + Bytes(tensor.shape, size);
            if (end - offset > int.MaxValue)
            {
                throw new ArgumentException($"'{name}' is larger than 2 GiB: save it in parts.", nameof(tensors));
            }

            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. tensor.shape.Select(length => JsonValue.Create(length))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            contents.Add(tensor.detach().cpu().contiguous());
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        return json.Length <= LargestHeader
            ? (json, contents)
            : throw new ArgumentException($"The header of these {contents.Count} tensors has {json.Length} bytes, and a file's has at most {LargestHeader}: give them shorter names.", nameof(tensors));
    }

    private static void CheckName(string name, JsonObject header)
    {
        if (name == Metadata || header.ContainsKey(name) || !IsUnicode(name))
        {
            throw new ArgumentException(
                name == Metadata ? $"No tensor can be called '{Metadata}': the format keeps that name for itself."
                : header.ContainsKey(name) ? $"Two tensors are called '{name}'."
                : $"'{name}' cannot name a tensor: it is no Unicode text.", nameof(name));
        }
    }

    private static bool IsUnicode(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name;

    private static long Bytes(long[] shape, int size) => shape.Contains(0) ? 0 : shape.Aggregate((long)size, (product, length) => checked(product * length));

    private static void Write(Stream stream, byte[] json, List<Tensor> contents)
    {
        var padding = (8 - json.Length % 8) % 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("        "u8[..padding]);
        contents.ForEach(tensor => stream.Write(tensor.bytes));
    }

    private static JsonObject ReadHeader(FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > Math.Min(LargestHeader, stream.Length - prefix.Length))
        {
            stream.Position = 0;
            Span<byte> start = stackalloc byte[FileKind.Start];
            throw new FormatException(FileKind.Describe(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]) is { } kind
                ? $"it is {kind}."
                : $"a header of {length} bytes does not fit into {stream.Length} bytes.");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        var header = JsonNode.Parse(json)?.AsObject() ?? throw new FormatException("the header is no JSON object.");
        header.Remove(Metadata);
        return header;
    }

    private static Dictionary<string, Tensor> ReadTensors(FileStream stream, JsonObject header)
    {
        var contentStart = stream.Position;
        var entries = header.Select(Entry.Parse).OrderBy(entry => entry.Start).ThenBy(entry => entry.End).ToList();
        long expected = 0;
        foreach (var entry in entries)
        {
            expected = entry.Start == expected ? entry.End : throw new FormatException($"'{entry.Name}' begins at byte {entry.Start} instead of {expected}.");
        }

        if (expected != stream.Length - contentStart)
        {
            throw new FormatException($"the header speaks of {expected} bytes of numbers, and {stream.Length - contentStart} are there.");
        }

        var tensors = new Dictionary<string, Tensor>();
        try
        {
            entries.ForEach(entry => tensors.Add(entry.Name, entry.Read(stream)));
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }

            throw;
        }
    }

    // The seal is the last tensor, so its numbers are the last bytes of the file.
    private static void CheckSeal(FileStream stream, JsonObject header)
    {
        var (contentStart, length) = (stream.Position, stream.Length - SHA256.HashSizeInBytes);
        if (!header.ContainsKey(Seal) || length < contentStart)
        {
            throw new FormatException($"it has no '{Seal}' of its content.");
        }

        stream.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        while (stream.Position < length)
        {
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - stream.Position)), 1));
        }

        Span<byte> seal = stackalloc byte[SHA256.HashSizeInBytes];
        stream.ReadExactly(seal);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(seal))
        {
            throw new FormatException($"its content is not what was written: the '{Seal}' is another.");
        }

        stream.Position = contentStart;
    }

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Start, long End)
    {
        public static Entry Parse(KeyValuePair<string, JsonNode?> property)
        {
            var (name, value) = (property.Key, property.Value as JsonObject ?? throw new FormatException($"'{property.Key}' is no JSON object."));
            var typeName = (string?)value["dtype"];
            var (known, type, size) = Types.FirstOrDefault(t => t.Name == typeName);
            long[] shape = Numbers(name, value["shape"]), offsets = Numbers(name, value["data_offsets"]);
            if (known is null || offsets.Length != 2)
            {
                throw new FormatException($"'{name}' has the unknown type '{typeName}' or lacks its two offsets.");
            }

            var bytes = Bytes(shape, size);
            if (bytes > int.MaxValue)
            {
                throw new FormatException($"'{name}' is larger than 2 GiB.");
            }

            return offsets[1] - offsets[0] == bytes
                ? new Entry(name, type, shape, offsets[0], offsets[1])
                : throw new FormatException($"'{name}' has {offsets[1] - offsets[0]} bytes, and its shape asks for {bytes}.");
        }

        public Tensor Read(Stream stream)
        {
            var tensor = empty(Shape, Type);
            stream.ReadExactly(tensor.bytes);
            return tensor;
        }

        private static long[] Numbers(string name, JsonNode? node)
        {
            var numbers = (node as JsonArray)?.Select(n => (long)(n ?? throw new FormatException($"'{name}' has a null among its numbers."))).ToArray();
            return numbers is not null && numbers.All(n => n >= 0) ? numbers : throw new FormatException($"'{name}' lacks its shape or its offsets.");
        }
    }
}
