using System.Globalization;
using System.Text.Json;
using Autoencoders.Compression;
using Autoencoders.Data;
using SkiaSharp;

namespace Autoencoders.Benchmarks;

/// <summary>Rate, distortion and speed of the learned codec and its live peers on the test digits.</summary>
internal static class CompressionBenchmark
{
    public const string DecodeCommand = "decode-cae";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly (SKEncodedImageFormat Format, int[] Qualities)[] ClassicalSettings =
    [
        (SKEncodedImageFormat.Jpeg, [1, 5, 10, 20, 30, 50, 70, 90]),
        (SKEncodedImageFormat.Png, [100]),
        (SKEncodedImageFormat.Webp, [0, 1, 5, 10, 20, 30, 50, 70, 90]),
    ];

    private static readonly (int Components, double Step)[] PcaSettings =
        [(16, 1.3), (32, 1.0), (64, 0.8), (64, 0.6), (128, 0.6), (128, 0.42), (784, 0.42), (784, 0.3), (784, 0.2), (784, 0.15)];

    public static int Run(string[] args)
    {
        TorchRuntime.Initialize();
        var data = MnistDataset.Load();
        Console.WriteLine($"{data}; {Environment.ProcessorCount} cores, {TorchRuntime.Workers} threads");
        Console.WriteLine($"{"codec",-6} {"setting",-16} {"bytes/image",11} {"PSNR dB",8} {"SSIM",7} {"BCE",8} {"encode/s",9} {"decode/s",9}   {"meanwhile",-9} {"encode/s",9} {"decode/s",9}");
        var points = new List<RateDistortionPoint>();
        bool Wanted(string codec) => args.Length == 0 || args.Contains(codec);
        foreach (var point in Classical(data.Test, format => Wanted(Name(format)) || (format == SKEncodedImageFormat.Webp && Wanted("cae"))))
        {
            Add(point);
        }

        RateDistortionPoint[] webP = [.. points.Where(point => point.Codec == "webp")];
        foreach (var point in (Wanted("cae") ? Learned(data.Test, webP) : []).Concat(Wanted("pca") ? Pca(data) : []))
        {
            Add(point);
        }

        var path = Path.Combine(ProjectFolder.Artifacts, "rate-distortion.json");
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new { Data = data.Source, Images = data.Test.Count, Points = points }, Json));
        Console.WriteLine($"written to {Path.GetRelativePath(ProjectFolder.Root, path)}");
        return 0;

        void Add(RateDistortionPoint point)
        {
            points.Add(point);
            Console.WriteLine(point);
        }
    }

    /// <summary>The other process: decodes a file with nothing but the project's models, and says how fast, and how fast WebP is meanwhile.</summary>
    public static int Decode(string[] args)
    {
        var file = File.ReadAllBytes(args[0]);
        using var codec = ImageCodec.LoadFor(file);
        var pixels = codec.DecodePixels(file);
        File.WriteAllBytes(args[1], pixels);
        var images = MnistDataset.Load().Test;
        var files = EncodeWebP(images, args[2]);
        var (ours, webP) = Timing.InTurn(() => codec.DecodePixels(file), () => ForAll(files.Length, i => ClassicalCodecs.Decode(files[i])));
        Console.WriteLine(FormattableString.Invariant($"{ours:R} {webP:R}"));
        return 0;
    }

    private static IEnumerable<RateDistortionPoint> Learned(ImageSet test, RateDistortionPoint[] webP)
    {
        foreach (var quality in ImageCodec.Qualities)
        {
            using var codec = ImageCodec.Load(quality);
            var setting = webP.First(point => point.PsnrDb >= quality).Setting;
            yield return Learned(codec, null, test, setting);
            if (codec.SearchLambda is { } lambda)
            {
                yield return Learned(codec, lambda, test, setting);
            }
        }
    }

    private static RateDistortionPoint Learned(ImageCodec codec, double? lambda, ImageSet test, string webP)
    {
        var name = lambda is null ? codec.Name : $"{codec.Name} searched";
        var path = Path.Combine(ProjectFolder.Artifacts, $"{name}.cae");
        AtomicFile.Write(path, stream => stream.Write(codec.Encode(test, lambda: lambda)));
        var (pixels, decoding, webPDecoding) = DecodeElsewhere(path, webP);
        // A search takes so much longer than WebP that it need not be timed in turn with it.
        (double Encoding, double? WebP) timed = lambda is null
            ? Timing.InTurn(() => codec.Encode(test), () => EncodeWebP(test, webP))
            : (Timing.Best(() => codec.Encode(test, lambda: lambda), runs: 2).Seconds, null);
        return RateDistortionPoint.Measure("cae", name, test, pixels, new FileInfo(path).Length, timed.Encoding, decoding) with
        { Beside = new WebPBeside(webP, test.Count / timed.WebP, test.Count / webPDecoding) };
    }

    private static byte[][] EncodeWebP(ImageSet images, string setting)
    {
        var quality = int.Parse(setting[1..], CultureInfo.InvariantCulture);
        return ForAll(images.Count, i => ClassicalCodecs.Encode(images.Image(i), images.Width, SKEncodedImageFormat.Webp, quality));
    }

    private static string Name(SKEncodedImageFormat format) => format.ToString().ToLowerInvariant();

    private static IEnumerable<RateDistortionPoint> Classical(ImageSet test, Func<SKEncodedImageFormat, bool> wanted)
    {
        foreach (var (format, qualities) in ClassicalSettings.Where(setting => wanted(setting.Format)))
        {
            foreach (var quality in qualities)
            {
                var (files, encoding) = Timing.Best(() => ForAll(test.Count, i => ClassicalCodecs.Encode(test.Image(i), test.Width, format, quality)));
                var (images, decoding) = Timing.Best(() => ForAll(test.Count, i => ClassicalCodecs.Decode(files[i])));
                yield return RateDistortionPoint.Measure(
                    Name(format), $"q{quality}", test, [.. images.SelectMany(p => p)], files.Sum(f => (long)f.Length), encoding, decoding);
            }
        }
    }

    private static IEnumerable<RateDistortionPoint> Pca(MnistDataset data)
    {
        foreach (var (components, step) in PcaSettings)
        {
            using var codec = PcaCodec.Fit(data.Train, components, step);
            var (file, encoding) = Timing.Best(() => codec.Encode(data.Test));
            var (pixels, decoding) = Timing.Best(() => codec.DecodePixels(file));
            yield return RateDistortionPoint.Measure("pca", FormattableString.Invariant($"k{components} step{step}"), data.Test, pixels, file.Length, encoding, decoding);
        }
    }

    private static byte[][] ForAll(int count, Func<int, byte[]> convert)
    {
        var results = new byte[count][];
        Parallel.For(0, count, i => results[i] = convert(i));
        return results;
    }

    private static (byte[] Pixels, double Seconds, double WebPSeconds) DecodeElsewhere(string path, string setting)
    {
        var pixels = path + ".pixels";
        var output = ChildProcess.Run([], "dotnet", typeof(CompressionBenchmark).Assembly.Location, DecodeCommand, path, pixels, setting);
        double[] seconds = [.. output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return (File.ReadAllBytes(pixels), seconds[0], seconds[1]);
    }
}
