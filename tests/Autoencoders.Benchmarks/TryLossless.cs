using System.Diagnostics;
using System.Globalization;
using Autoencoders.Compression;
using Autoencoders.Data;
using Autoencoders.Training;

namespace Autoencoders.Benchmarks;

/// <summary>Temporary.</summary>
internal static class TryLossless
{
    public static int Run(string[] args)
    {
        var data = MnistDataset.Load();
        int[] n = [.. args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
        LosslessNetwork net = args[0] == "vae" ? new VaeNetwork(new VaeShape(n[3], n[4])) : new PixelNetwork(new PixelShape(n[3], n[4], n[5], n[6]));
        var clock = Stopwatch.StartNew();
        var train = data.Train.Select([.. Enumerable.Range(0, n[0])]);
        var valid = data.Train.Select([.. Enumerable.Range(55000, 1000)]);
        LosslessTrainer.Fit(net, train, valid, new() { Epochs = n[1], LearningRate = n[2] / 1e4, BatchSize = int.Parse(Environment.GetEnvironmentVariable("BS") ?? "64") }, new Reporter(p =>
        {
            if (p.Completed is not null || p.Batch % 20 == 0)
            {
                Console.WriteLine(FormattableString.Invariant($"{clock.Elapsed.TotalSeconds:F0} s cpu {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:F0} {p.Epoch} {p.Batch}/{p.Batches} {p.Loss:F4} {p.ImagesPerSecond:F0}/s valid {p.Completed?.ValidationLoss:F4}"));
            }
        }));
        clock.Restart();
        Console.WriteLine(FormattableString.Invariant($"promised {LosslessTrainer.BitsPerPixel(net, valid):F4}"));
        var codec = LosslessCodec.From(net, "try");
        var few = valid.Take(320);
        var file = codec.Encode(few);
        Console.WriteLine(FormattableString.Invariant($"file {file.Length * 8.0 / few.Pixels.Length:F4} {clock.Elapsed.TotalSeconds:F1}"));
        clock.Restart();
        Console.WriteLine($"{codec.Decode(file).AsSpan().SequenceEqual(few.Pixels)} {clock.Elapsed.TotalSeconds:F1}");
        return 0;
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
