using System.Diagnostics;
using System.Globalization;
using Autoencoders.Compression;
using Autoencoders.Data;
using Autoencoders.Training;
using Autoencoders.Weights;

namespace Autoencoders.Benchmarks;

/// <summary>Trains the models of data/models/cae-*.safetensors on the 60,000 training digits.</summary>
internal static class TrainCodec
{
    private const int Seed = 42;

    private sealed record Recipe(int Quality, int? StartFrom, CompressiveAutoencoderOptions Model, CodecTrainingOptions Training);

    // In the order in which they build on each other.
    private static readonly Recipe[] Recipes =
    [
        new(26, null, Coarse(6), new() { Lambda = 48, Epochs = 6 }),
        new(26, 26, Coarse(6), new() { Lambda = 34, Epochs = 4, LearningRate = 1.2e-3, StillAtStart = 0 }),
        new(24, null, Coarse(4), new() { Lambda = 30, Epochs = 10 }),
        new(25, 24, Coarse(4), new() { Lambda = 60, Epochs = 5, LearningRate = 1.5e-3, StillAtStart = 0 }),
        new(25, 25, Coarse(4), new() { Lambda = 72, Epochs = 3, LearningRate = 1.2e-3, StillAtStart = 0 }),
        new(22, null, Coarse(3), new() { Lambda = 7.5, Epochs = 6 }),
        new(20, null, Coarse(2), new() { Lambda = 6, Epochs = 6 }),
        new(18, 20, Coarse(2), new() { Lambda = 2, Epochs = 2, StillAtStart = 0 }),
        new(28, null, Fine(3), new() { Lambda = 42, Epochs = 4, DitherAtStart = 0.4, DitherAtEnd = 0.2 }),
        new(30, null, Fine(4), new() { Lambda = 62, Epochs = 4, DitherAtStart = 0.4, DitherAtEnd = 0.2 }),
    ];

    private static CompressiveAutoencoderOptions Coarse(int levels) => new() { Grid = 14, Levels = levels, Seed = Seed };

    private static CompressiveAutoencoderOptions Fine(int levels) =>
        new() { Grid = 28, Levels = levels, ContextRows = 4, ContextColumns = 4, ContextHidden = 16, ContextHidden2 = 16, Seed = Seed };

    public static int Run(string[] args)
    {
        var qualities = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var data = MnistDataset.Load();
        Console.WriteLine(data);
        var recipes = Recipes.Where(r => qualities.Length == 0 || qualities.Contains(r.Quality)).ToList();
        foreach (var recipe in recipes)
        {
            Train(recipe, data);
        }

        foreach (var quality in recipes.Select(r => r.Quality).Distinct().Intersect(NarrowCodec.Qualities))
        {
            NarrowCodec.Narrow(quality, data);
        }

        return 0;
    }

    private static void Train(Recipe recipe, MnistDataset data)
    {
        TorchRuntime.Initialize();
        var clock = Stopwatch.StartNew();
        Console.WriteLine($"Quality {recipe.Quality}: {recipe.Model}, {recipe.Training}");
        using var model = new CompressiveAutoencoder(recipe.Model);
        if (recipe.StartFrom is { } earlier)
        {
            ModelWeights.Load(model, TrainingFile(earlier));
        }

        CodecTrainer.Fit(model, data.Train, data.Train.Take(2000), recipe.Training, new EpochReport());
        ModelWeights.Save(model, TrainingFile(recipe.Quality));
        using var codec = ImageCodec.From(model, $"cae-{recipe.Quality}");
        codec.Save(Path.Combine(ProjectFolder.Data, "models", $"cae-{recipe.Quality}.safetensors"));
        var (bits, mse) = CodecTrainer.Evaluate(model, data.Test);
        Console.WriteLine($"Quality {recipe.Quality}: {bits / 8:F2} bytes of information at {-10 * Math.Log10(mse):F2} dB on the test set, trained in {clock.Elapsed.TotalMinutes:F1} minutes\n");
    }

    // The weights in full precision, which training for a neighbouring quality goes on from.
    private static string TrainingFile(int quality) => Path.Combine(ProjectFolder.Artifacts, $"cae-{quality}-training.safetensors");

    private sealed class EpochReport : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value)
        {
            if (value.Completed is { } epoch)
            {
                Console.WriteLine($"  epoch {value.Epoch}/{value.Epochs}: {epoch.TrainingLoss:F1} bits, validation {epoch.ValidationLoss:F1}, {epoch.ImagesPerSecond:F0} images/s");
            }
        }
    }
}
