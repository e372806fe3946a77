using System.Diagnostics;
using Autoencoders.Compression;
using Autoencoders.Data;
using Autoencoders.Training;

namespace Autoencoders.Benchmarks;

/// <summary>Trains the models of data/models/lossless-*.safetensors on the training digits, and says what they reach on the test digits.</summary>
internal static class TrainLossless
{
    public static int Run(string[] args)
    {
        var data = MnistDataset.Load();
        Console.WriteLine(data);
        foreach (var recipe in LosslessRecipe.Shipped.Where(recipe => args.Length == 0 || args.Contains(recipe.Name)))
        {
            Console.WriteLine(recipe.Name);
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var codec = recipe.Train(data.Train, new Reporter());
            codec.Save(Path.Combine(ProjectFolder.Data, "models", $"{codec.Name}.safetensors"));
            var (minutes, busy) = (clock.Elapsed.TotalMinutes, (Environment.CpuUsage.TotalTime - processor).TotalMinutes);
            var file = codec.Encode(data.Test);
            Console.WriteLine($"  {8.0 * file.Length / data.Test.Pixels.Length:F4} bits per pixel on the test digits, trained in {minutes:F1} minutes, {busy:F1} of one core's\n");
        }

        return 0;
    }

    // At once and in order, where Progress<T> would report on some other thread, later.
    private sealed class Reporter : IProgress<TrainingProgress>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _reported;

        public void Report(TrainingProgress value)
        {
            if (value.Completed is { } epoch)
            {
                Console.WriteLine($"  epoch {value.Epoch}/{value.Epochs}: {epoch.TrainingLoss:F4} bits per pixel, validation {epoch.ValidationLoss:F4}, {epoch.ImagesPerSecond:F0} images/s");
            }
            else if (_clock.Elapsed - _reported > TimeSpan.FromSeconds(30))
            {
                _reported = _clock.Elapsed;
                Console.WriteLine($"  epoch {value.Epoch}, {value.Batch} of {value.Batches}: {value.Loss:F4} bits per pixel, {value.ImagesPerSecond:F0} images/s");
            }
        }
    }
}
