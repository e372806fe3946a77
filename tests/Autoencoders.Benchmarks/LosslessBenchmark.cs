using System.IO.Compression;
using System.Text.Json;
using Autoencoders.Compression;
using Autoencoders.Data;
using SkiaSharp;

namespace Autoencoders.Benchmarks;

/// <summary>Bits a pixel and speed without loss, of the shipped codecs and of others, on the test digits.</summary>
internal static class LosslessBenchmark
{
    public const string DecodeCommand = "decode-cal";

    private const int Lossless = 100;
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static int Run(string[] args)
    {
        TorchRuntime.Initialize();
        var data = MnistDataset.Load();
        Console.WriteLine($"{data}; {Environment.ProcessorCount} cores");
        Console.WriteLine($"{"codec",-18} {"images",-20} {"bits/pixel",10} {"encode/s",9} {"decode/s",9}");
        var points = new List<Point>();
        foreach (var point in Ours(data.Test).Concat(Peers(data.Test)))
        {
            points.Add(point);
            Console.WriteLine(FormattableString.Invariant($"{point.Codec,-18} {point.Images,-20} {point.BitsPerPixel,10:F4} {point.EncodeImagesPerSecond,9:F0} {point.DecodeImagesPerSecond,9:F0}"));
        }

        foreach (var other in OtherLossless.Load())
        {
            Console.WriteLine(FormattableString.Invariant($"{other.Codec,-18} {other.Mode + ", from the table",-20} {other.BitsPerPixel,10:F2}"));
        }

        var path = Path.Combine(ProjectFolder.Artifacts, "lossless.json");
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new { Data = data.Source, Images = data.Test.Count, Points = points }, Json));
        Console.WriteLine($"written to {Path.GetRelativePath(ProjectFolder.Root, path)}");
        return 0;
    }

    /// <summary>The other process: decodes a file with nothing but the project's models, and says how fast.</summary>
    public static int Decode(string[] args)
    {
        var file = File.ReadAllBytes(args[0]);
        var codec = LosslessCodec.LoadFor(file);
        var (pixels, seconds) = Timing.Best(() => codec.Decode(file));
        File.WriteAllBytes(args[1], pixels);
        Console.WriteLine(FormattableString.Invariant($"{seconds:R}"));
        return 0;
    }

    private static IEnumerable<Point> Ours(ImageSet test)
    {
        foreach (var (name, groups) in ((string, int?[])[])[(LosslessCodec.Context, [null, 1]), (LosslessCodec.BitsBack, [null, 1000, 100])])
        {
            var codec = LosslessCodec.Load(name);
            foreach (var group in groups)
            {
                var (file, encoding) = Timing.Best(() => codec.Encode(test, group));
                var path = Path.Combine(ProjectFolder.Artifacts, "digits.cal");
                File.WriteAllBytes(path, file);
                var seconds = double.Parse(ChildProcess.Run([], "dotnet", typeof(LosslessBenchmark).Assembly.Location, DecodeCommand, path, path + ".pixels"), System.Globalization.CultureInfo.InvariantCulture);
                if (!File.ReadAllBytes(path + ".pixels").AsSpan().SequenceEqual(test.Pixels))
                {
                    throw new InvalidOperationException($"{name} gave back other pixels.");
                }

                yield return Point.Of(name, group is { } size ? $"groups of {size}" : "as shipped", test, file.Length, encoding, seconds);
            }
        }
    }

    private static IEnumerable<Point> Peers(ImageSet test)
    {
        var (mosaic, width) = ClassicalCodecs.Mosaic(test);
        yield return Measure("gzip", "single", test, image => GZip(image), UnGZip);
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp])
        {
            yield return Measure($"{format}", "single", test, image => ClassicalCodecs.Encode(image, test.Width, format, Lossless), ClassicalCodecs.Decode);
        }

        yield return Measure("gzip", "batch", test, test.Pixels, GZip, UnGZip);
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp])
        {
            yield return Measure($"{format}", "mosaic", test, mosaic, pixels => ClassicalCodecs.Encode(pixels, width, format, Lossless), ClassicalCodecs.Decode);
        }
    }

    private static Point Measure(string name, string mode, ImageSet test, Func<byte[], byte[]> encode, Func<byte[], byte[]> decode)
    {
        byte[][] images = [.. test.Pixels.Chunk(test.Height * test.Width)];
        var (files, encoding) = Timing.Best(() => ForAll(images, encode));
        var (decoded, decoding) = Timing.Best(() => ForAll(files, decode));
        return decoded.SelectMany(pixels => pixels).SequenceEqual(test.Pixels)
            ? Point.Of(name, mode, test, files.Sum(file => (long)file.Length), encoding, decoding)
            : throw new InvalidOperationException($"{name} gave back other pixels.");
    }

    private static Point Measure(string name, string mode, ImageSet test, byte[] pixels, Func<byte[], byte[]> encode, Func<byte[], byte[]> decode)
    {
        var (file, encoding) = Timing.Best(() => encode(pixels));
        var (decoded, decoding) = Timing.Best(() => decode(file));
        return decoded.AsSpan().SequenceEqual(pixels)
            ? Point.Of(name, mode, test, file.Length, encoding, decoding)
            : throw new InvalidOperationException($"{name} gave back other pixels.");
    }

    private static byte[] GZip(byte[] pixels)
    {
        using var file = new MemoryStream();
        using (var stream = new GZipStream(file, CompressionLevel.SmallestSize))
        {
            stream.Write(pixels);
        }

        return file.ToArray();
    }

    private static byte[] UnGZip(byte[] file)
    {
        using var stream = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var pixels = new MemoryStream();
        stream.CopyTo(pixels);
        return pixels.ToArray();
    }

    private static byte[][] ForAll(byte[][] inputs, Func<byte[], byte[]> convert)
    {
        var results = new byte[inputs.Length][];
        Parallel.For(0, inputs.Length, i => results[i] = convert(inputs[i]));
        return results;
    }

    private sealed record Point(string Codec, string Images, double BitsPerPixel, double EncodeImagesPerSecond, double DecodeImagesPerSecond)
    {
        public static Point Of(string codec, string images, ImageSet test, long bytes, double encoding, double decoding) =>
            new(codec, images, 8.0 * bytes / test.Pixels.Length, test.Count / encoding, test.Count / decoding);
    }
}
