using System.Globalization;
using Autoencoders.Compression;
using Autoencoders.Data;

namespace Autoencoders.Benchmarks;

internal static class Try
{
    public static int Run(string[] args)
    {
        TorchRuntime.Initialize();
        if (args[0] == "refit")
        {
            // refit SOURCE TARGET lambda images epochs
            var train = MnistDataset.Load().Train;
            var count = int.Parse(args[4], CultureInfo.InvariantCulture);
            using var source = ImageCodec.LoadFile(args[1]);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            using var fitted = SymbolTrainer.Fit(source, train.Take(count), double.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[5], CultureInfo.InvariantCulture),
                progress: new Told(p => Console.WriteLine($"{p} {clock.Elapsed}")));
            fitted.Save(args[2]);
            return 0;
        }

        var test = MnistDataset.Load().Test.Take(int.Parse(args[1], CultureInfo.InvariantCulture));
        foreach (var quality in args[0].Split(',').Select(int.Parse))
        {
            using var codec = args.Contains("--dir") ? ImageCodec.LoadFile($"{args[^1]}/cae-{quality}.safetensors") : ImageCodec.Load(quality);
            foreach (var lambda in args[2].Split(',').Select(t => double.Parse(t, CultureInfo.InvariantCulture)))
            {
                var clock = System.Diagnostics.Stopwatch.StartNew();
                var file = codec.Encode(test, lambda: lambda == 0 ? null : lambda);
                var time = clock.Elapsed.TotalSeconds;
                var pixels = codec.DecodePixels(file);
                var error = 0L;
                for (var i = 0; i < pixels.Length; i++) { error += (pixels[i] - test.Pixels[i]) * (pixels[i] - test.Pixels[i]); }
                // Mean of mean squared errors, as the benchmark's PSNR.
                var mse = error / (double)pixels.Length / (255.0 * 255);
                Console.WriteLine($"cae-{quality} lambda {lambda,6:F1}: {file.Length / (double)test.Count:F3} B, {-10 * Math.Log10(mse):F3} dB, {time / test.Count * 1e3:F2} ms/image");
            }
        }

        return 0;
    }

    private sealed class Told(Action<(double, double, double)> act) : IProgress<(double, double, double)>
    {
        public void Report((double, double, double) value) => act(value);
    }
}
