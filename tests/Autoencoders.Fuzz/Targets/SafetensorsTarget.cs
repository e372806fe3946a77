using System.Text;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Fuzz.Targets;

internal static class SafetensorsTarget
{
    private static readonly Lazy<string> Written = new(() => FuzzTarget.TemporaryFile("written.safetensors"));

    public static readonly string[] Words =
    [
        "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"F16\"", "\"BF16\"", "\"I64\"", "\"U8\"", "\"BOOL\"", "[]", "[0]", "[0,0]", "{}", "null", "true",
        "{", "}", "[", "]", ",", ":", "\"", "\\ud83d", "\\u0000", "-1", "1e3", "9223372036854775807", "        ",
    ];

    public static FuzzTarget Create()
    {
        TorchRuntime.Initialize();
        using var scope = NewDisposeScope();
        var seed = Bytes(new() { ["a"] = arange(6, float32).reshape(2, 3), ["b.weight"] = zeros(2, 1, 3, float16), ["c"] = zeros(4, int64), ["none"] = zeros(0, 5) });
        return new FuzzTarget("safetensors", typeof(SafetensorsFormatException), FuzzTarget.FromFile("input.safetensors", Read), [seed]) { Words = Words, Generate = Generate, Repair = WithLength };
    }

    /// <summary>The bytes of a file that holds these tensors.</summary>
    public static byte[] Bytes(Dictionary<string, Tensor> tensors)
    {
        Safetensors.Save(Written.Value, tensors);
        return File.ReadAllBytes(Written.Value);
    }

    /// <summary>The same with the length of the header as its first braces have it.</summary>
    public static byte[] WithLength(byte[] input)
    {
        var (depth, end) = (0, 8);
        while (end < input.Length && (end == 8 || depth > 0))
        {
            depth += input[end] switch { (byte)'{' => 1, (byte)'}' => -1, _ => 0 };
            end++;
        }

        return input.Length < 8 ? input : [.. BitConverter.GetBytes((long)end - 8), .. input[8..]];
    }

    private static long Read(string path)
    {
        var tensors = Safetensors.Load(path);
        var bytes = 0L;
        foreach (var tensor in tensors.Values)
        {
            bytes += tensor.numel() * tensor.element_size();
            tensor.Dispose();
        }

        return bytes;
    }

    // Tensors side by side, in a wrong order, over each other, with sizes that overflow.
    private static byte[] Generate(Random random)
    {
        (string Name, int Size)[] types = [("F32", 4), ("F64", 8), ("F16", 2), ("U8", 1), ("BOOL", 1), ("I64", 8), ("F8_E4M3", 1)];
        var (header, offset) = (new StringBuilder("{"), 0L);
        for (var i = random.Next(4); i >= 0; i--)
        {
            var (type, size) = types[random.Next(types.Length)];
            long[] shape = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(12) switch { 0 => 0L, 1 => 1L << random.Next(63), 2 => -1, _ => random.Next(1, 5) })];
            var end = offset + unchecked(shape.Aggregate((long)size, (product, length) => product * length));
            header.Append($"\"{(random.Next(6) == 0 ? "a" : $"t{i}")}\":{{\"dtype\":\"{type}\",\"shape\":[{string.Join(",", shape)}],\"data_offsets\":[{offset},{end}]}},");
            offset = random.Next(10) == 0 ? offset : end;
        }

        header[^1] = '}';
        return [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header.ToString()), .. new byte[offset is >= 0 and < 10_000 ? offset : random.Next(100)]];
    }
}
