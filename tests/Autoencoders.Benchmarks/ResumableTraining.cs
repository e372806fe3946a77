using System.Globalization;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>A training run for a test to kill: denoising, so that its state has everything that a checkpoint must keep.</summary>
internal static class ResumableTraining
{
    public const string Command = "train-resumable";

    /// <summary>Trains, or goes on from a checkpoint, says so when the first steps are done, and writes the final weights.</summary>
    public static int Run(string[] args)
    {
        var (checkpoint, weights, every) = (args[0], args[1], double.Parse(args[2], CultureInfo.InvariantCulture));
        var sample = MnistDataset.LoadSample();
        using var model = new ConvAutoencoder();
        var options = new TrainingOptions
        {
            Epochs = 12,
            Corrupt = (images, chance) => (images + 0.5 * randn(images.shape, generator: chance)).clamp(0, 1),
            Checkpoint = checkpoint,
            CheckpointEvery = TimeSpan.FromSeconds(every),
        };
        Console.WriteLine("ready");
        Trainer.Fit(model, sample.Train.Take(2_000), sample.Test.Take(100), options);
        ModelWeights.Save(model, weights);
        Console.WriteLine("finished");
        return 0;
    }
}
