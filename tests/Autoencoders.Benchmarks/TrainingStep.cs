using System.Diagnostics;
using System.Text.Json;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;

namespace Autoencoders.Benchmarks;

/// <summary>One way to train, measured in a process of its own, because the settings of memory hold for a whole process.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="What">What it adds to the way before it.</param>
/// <param name="KeepMemory">Whether memory stays with the process.</param>
/// <param name="Network">The network's options.</param>
/// <param name="Options">How the trainer trains; null where <see cref="PlainLoop"/> trains, not the trainer.</param>
internal sealed record TrainingStep(string Name, string What, bool KeepMemory, ConvAutoencoderOptions Network, TrainingOptions? Options = null)
{
    public const string Command = "training-step";
    public const int BatchSize = 256, Images = 33 * BatchSize, Epochs = 3;

    private static readonly ConvAutoencoderOptions Plain = new() { ChannelsLast = false, InPlaceActivations = false, CombineLayers = false };

    /// <summary>From the plain loop to the trainer, one measure after the other.</summary>
    public static readonly TrainingStep[] All =
    [
        new("plain", "TorchSharp loop of the official example", false, Plain),
        new("memory", "+ memory kept from step to step", true, Plain),
        new("channels-last", "+ channels last by strides", true, Plain with { ChannelsLast = true }),
        new("in-place", "+ ReLU in place", true, Plain with { ChannelsLast = true, InPlaceActivations = true }),
        new("combined", "+ first and last layers each in one pass", true, new()),
        new("flat", "+ trainer: bytes, flat Adam, no waiting for losses", true, new(), new() { ShardSize = 0 }),
        new("trainer", "+ shards on threads of their own", true, new(), new TrainingOptions()),
    ];

    /// <summary>What a process measured.</summary>
    public sealed record Result(double ImagesPerSecond, double Loss, double PeakMemoryMb);

    /// <summary>Measures this step in a new process.</summary>
    public Result Measure() => Measure(Name, KeepMemory);

    /// <summary>The peak memory of a process that trains an epoch on the whole training set.</summary>
    public static Result MeasureWholeSet() => Measure("whole-set", keepMemory: true);

    /// <summary>The other process.</summary>
    public static int Run(string[] args)
    {
        var result = args[0] == "whole-set" ? Train(All[^1], MnistDataset.Load().Train, epochs: 1) : Train(All.Single(step => step.Name == args[0]), MnistDataset.Load().Train.Take(Images), Epochs);
        Console.WriteLine(JsonSerializer.Serialize(result));
        return 0;
    }

    private static Result Train(TrainingStep step, ImageSet images, int epochs)
    {
        using var model = new ConvAutoencoder(step.Network);
        var (loss, seconds) = step.Options is null
            ? PlainLoop.Run(model, images, BatchSize, epochs, step.Network.ChannelsLast)
            : Fit(model, images, step.Options with { Epochs = epochs, BatchSize = BatchSize, LearningRate = PlainLoop.LearningRate, Schedule = Schedule.Constant });
        using var process = Process.GetCurrentProcess();
        return new Result(images.Count / seconds, loss, process.PeakWorkingSet64 / 1e6);
    }

    private static (double Loss, double Seconds) Fit(ConvAutoencoder model, ImageSet images, TrainingOptions options)
    {
        var last = Trainer.Fit(model, images, images.Take(1), options).Epochs[^1];
        return (last.TrainingLoss, last.Seconds);
    }

    private static Result Measure(string name, bool keepMemory)
    {
        var output = ChildProcess.Run(new() { [TorchRuntime.MemoryVariable] = keepMemory ? "1" : "0" }, "dotnet", typeof(TrainingStep).Assembly.Location, Command, name);
        return JsonSerializer.Deserialize<Result>(output)!;
    }
}
