using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Autoencoders.Weights;

/// <summary>Reads and writes tensors in the safetensors format, which holds numbers only and can run no code.</summary>
/// <remarks>
/// Layout: 8 bytes, little-endian, with the length of the header; the header, a JSON object from each name to
/// <c>dtype</c>, <c>shape</c> and <c>data_offsets</c> (first byte and the byte after the last, counted from the end of the header);
/// then the numbers, little-endian, row by row, without gaps. Source: the format's description at github.com/huggingface/safetensors.
/// </remarks>
public static class Safetensors
{
    private const int LargestHeader = 16 << 20;

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1), ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes tensors to a file, which is there whole or not at all.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="tensors">The tensors by name; they may lie on any device and in any memory format.</param>
    /// <exception cref="NotSupportedException">A tensor has a type that the format lacks.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        var header = new JsonObject();
        var contents = new List<Tensor>();
        long offset = 0;
        foreach (var (name, tensor) in tensors)
        {
            var (type, _, size) = Types.FirstOrDefault(t => t.Type == tensor.dtype);
            var end = offset + tensor.numel() * size;
            header[name] = new JsonObject
            {
                ["dtype"] = type ?? throw new NotSupportedException($"Safetensors has no type for {tensor.dtype}, the type of '{name}'."),
                ["shape"] = new JsonArray([.. tensor.shape.Select(length => JsonValue.Create(length))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            contents.Add(tensor.detach().cpu().contiguous());
            offset = end;
        }

        AtomicFile.Write(path, stream => Write(stream, header, contents));
    }

    /// <summary>Reads all tensors of a file, onto the CPU.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name; the caller disposes of them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is not of this format, is damaged or was cut off.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        TorchRuntime.Initialize();
        using var stream = File.OpenRead(path);
        try
        {
            var header = ReadHeader(stream);
            return ReadTensors(stream, header);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw new SafetensorsFormatException($"{path} is no whole safetensors file: {e.Message}", e);
        }
    }

    private static void Write(Stream stream, JsonObject header, List<Tensor> contents)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
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
        header.Remove("__metadata__");
        return header;
    }

    private static Dictionary<string, Tensor> ReadTensors(FileStream stream, JsonObject header)
    {
        var contentStart = stream.Position;
        var entries = header.Select(Entry.Parse).OrderBy(entry => entry.Start).ToList();
        long expected = 0;
        foreach (var entry in entries)
        {
            expected = entry.Start == expected ? entry.End : throw new FormatException($"'{entry.Name}' begins at byte {entry.Start} instead of {expected}.");
        }

        if (expected != stream.Length - contentStart)
        {
            throw new FormatException($"the header speaks of {expected} bytes of numbers, and {stream.Length - contentStart} are there.");
        }

        return entries.ToDictionary(entry => entry.Name, entry => entry.Read(stream));
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

            // An empty tensor has strides too, which must not overflow.
            var bytes = checked(shape.Aggregate((long)size, (product, length) => product * Math.Max(length, 1))) * (shape.Contains(0) ? 0 : 1);
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
