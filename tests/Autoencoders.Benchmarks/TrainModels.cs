using System.Diagnostics;
using Autoencoders.Compression;
using Autoencoders.Data;
using Autoencoders.Metrics;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>Trains the models of data/models from nothing, on the training digits, and says what they reach on the test digits.</summary>
internal static class TrainModels
{
    private const string Plain = "conv-autoencoder";

    public static int Run(string[] args)
    {
        var data = MnistDataset.Load();
        (string Name, Func<string> Train)[] models =
        [
            (Plain, TrainPlain),
            .. CodecRecipe.Shipped.Select(recipe => ($"cae-{recipe.Quality}", (Func<string>)(() => Train(recipe, data)))),
            .. LosslessRecipe.Shipped.Select(recipe => (recipe.Name, (Func<string>)(() => Train(recipe, data)))),
        ];
        if (args.Except(models.Select(model => model.Name)).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"There is no model {unknown}, only {string.Join(", ", models.Select(model => model.Name))}.");
            return 2;
        }

        if (data.Source != "mnist" && !args.SequenceEqual([Plain]))
        {
            Console.Error.WriteLine($"The shipped models are trained on the complete MNIST, and this is {data}: set {MnistDataset.FolderVariable} to the folder that has it.");
            return 2;
        }

        Console.WriteLine(data);
        foreach (var (name, train) in models.Where(model => args.Length == 0 || args.Contains(model.Name)))
        {
            Console.WriteLine(name);
            using var scope = NewDisposeScope();
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            Console.WriteLine($"  {train()}; {clock.Elapsed.TotalMinutes:F1} minutes, {(Environment.CpuUsage.TotalTime - processor).TotalMinutes:F1} of one core's\n");
        }

        return 0;
    }

    // As chapter 03 does it, whose sample has test digits among the training digits of the complete set.
    private static string TrainPlain()
    {
        var sample = MnistDataset.LoadSample();
        using var model = new ConvAutoencoder();
        var history = Trainer.Fit(model, sample.Train, sample.Test, new TrainingOptions { Epochs = 7, LearningRate = 2e-2 }, new Reporter());
        ModelWeights.Save(model, FileOf(Plain));
        return $"cross-entropy {history.Epochs[^1].ValidationLoss:F4} on the test digits of the sample";
    }

    private static string Train(CodecRecipe recipe, MnistDataset data)
    {
        using var codec = recipe.Train(data.Train, line => Console.WriteLine($"  {line}"));
        codec.Save(FileOf(codec.Name));
        var file = codec.Encode(data.Test);
        return $"{(double)file.Length / data.Test.Count:F2} bytes an image at {ImageMetrics.Psnr(data.Test.ToTensor(), codec.Decode(file)):F2} dB on the test digits, without a search";
    }

    private static string Train(LosslessRecipe recipe, MnistDataset data)
    {
        var codec = recipe.Train(data.Train, new Reporter());
        codec.Save(FileOf(codec.Name));
        return $"{8.0 * codec.Encode(data.Test).Length / data.Test.Pixels.Length:F4} bits per pixel on the test digits";
    }

    private static string FileOf(string name) => Path.Combine(ProjectFolder.Data, "models", $"{name}.safetensors");

    // At once and in order, where Progress<T> would report on some other thread, later.
    private sealed class Reporter : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is { } epoch)
            {
                Console.WriteLine($"  epoch {value.Epoch}/{value.Epochs}: {epoch.TrainingLoss:F4}, validation {epoch.ValidationLoss:F4}, {epoch.ImagesPerSecond:F0} images/s");
            }
        }
    }
}
