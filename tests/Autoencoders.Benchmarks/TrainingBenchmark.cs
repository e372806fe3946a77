using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Autoencoders.Data;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>How fast the network of chapter 02 trains: a plain loop, then one measure after the other up to the trainer.</summary>
internal static class TrainingBenchmark
{
    public const string BusyCommand = "busy";
    private const int DefaultRounds = 5, MatrixSize = 2048;
    private const double FlopsPerImage = 14.2e6;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Step(string Name, string What, double ImagesPerSecond, double[] Rounds, double Loss);

    public static int Run(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : DefaultRounds;
        TorchRuntime.Initialize();
        Console.WriteLine($"{MnistDataset.Load()}; {Environment.ProcessorCount} cores; batches of {TrainingStep.BatchSize}; {rounds} rounds, every measurement in a process of its own");
        var speeds = TrainingStep.All.ToDictionary(step => step.Name, _ => new List<TrainingStep.Result>());
        var (pytorch, busy, matrix) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            Array.ForEach(TrainingStep.All, step => speeds[step.Name].Add(step.Measure()));
            pytorch.AddRange(PyTorchLoop.Measure());
            busy.Add(MeasureBeside());
            matrix.Add(MatrixProduct());
            Console.WriteLine($"  round {round}: plain {speeds["plain"][^1].ImagesPerSecond:N0}, trainer {speeds["trainer"][^1].ImagesPerSecond:N0} images/s");
        }

        Report(speeds, pytorch, busy, matrix);
        return 0;
    }

    private static void Report(Dictionary<string, List<TrainingStep.Result>> speeds, List<double> pytorch, List<double> busy, List<double> matrix)
    {
        var steps = TrainingStep.All.Select(step =>
        {
            double[] rounds = [.. speeds[step.Name].Select(r => Math.Round(r.ImagesPerSecond))];
            return new Step(step.Name, step.What, Median(rounds), rounds, speeds[step.Name][0].Loss);
        }).ToList();
        var (plain, trainer) = (steps[0], steps[^1]);
        foreach (var step in steps)
        {
            Console.WriteLine($"{step.What,-52} {step.ImagesPerSecond,7:N0} images/s ({step.Rounds.Min():N0} to {step.Rounds.Max():N0}), {step.ImagesPerSecond / plain.ImagesPerSecond:F2}x, loss {step.Loss:F5}");
        }

        var gflops = Median(matrix);
        var result = new
        {
            PlainImagesPerSecond = plain.ImagesPerSecond,
            TrainerImagesPerSecond = trainer.ImagesPerSecond,
            Ratio = Math.Round(Median(speeds["plain"].Zip(speeds["trainer"], (a, b) => b.ImagesPerSecond / a.ImagesPerSecond)), 2),
            PlainLoss = plain.Loss,
            TrainerLoss = trainer.Loss,
            PeakMemoryMb = Math.Round(TrainingStep.MeasureWholeSet().PeakMemoryMb),
            MatrixProductGflops = Math.Round(gflops, 1),
            GflopsShare = Math.Round(trainer.ImagesPerSecond * FlopsPerImage / 1e9 / gflops, 3),
            PytorchImagesPerSecond = pytorch.Count > 0 ? Median(pytorch) : (double?)null,
            BesideABusyProcessImagesPerSecond = Median(busy),
            Steps = steps,
        };
        var path = Path.Combine(ProjectFolder.Artifacts, "training.json");
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, result, Json));
        Console.WriteLine(JsonSerializer.Serialize(result with { Steps = null! }, Json));
        Console.WriteLine($"written to {Path.GetRelativePath(ProjectFolder.Root, path)}");
    }

    // The trainer while another process keeps a core busy.
    private static double MeasureBeside()
    {
        using var busy = ChildProcess.Start([], "dotnet", typeof(TrainingBenchmark).Assembly.Location, BusyCommand);
        try
        {
            return TrainingStep.All[^1].Measure().ImagesPerSecond;
        }
        finally
        {
            busy.Kill();
            busy.WaitForExit();
        }
    }

    /// <summary>Takes a core until it is killed, and ten minutes at most.</summary>
    public static int Busy(string[] args)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(10))
        {
        }

        return 0;
    }

    private static double MatrixProduct()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(MatrixSize, MatrixSize), rand(MatrixSize, MatrixSize));
        var (_, seconds) = Timing.Best(() => a.matmul(b));
        return 2 * Math.Pow(MatrixSize, 3) / seconds / 1e9;
    }

    private static double Median(IEnumerable<double> values) => Math.Round(Timing.Median(values), 3);
}
