using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Trains a <see cref="CompressiveAutoencoder"/> for rate + lambda · distortion.</summary>
public static class CodecTrainer
{
    /// <summary>Trains <paramref name="model"/> in place, on the CPU.</summary>
    /// <param name="model">New, or trained before for another lambda, which takes fewer epochs.</param>
    /// <param name="training">What the weights are fitted to: at least one batch of images of 28x28 pixels.</param>
    /// <param name="validation">What the cost is measured on, with rounded symbols, after each epoch.</param>
    /// <param name="options">Lambda, epochs and the rest; null for the defaults.</param>
    /// <param name="progress">Told a few times a second, and at the end of every epoch; losses are bits an image, distortion included.</param>
    /// <param name="cancellation">Ends training after the current batch, as <see cref="Stop"/> does.</param>
    /// <returns>Cost and speed of each epoch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, there are fewer training images than a batch has, or no validation images.</exception>
    /// <exception cref="ArgumentException">The images have another size than 28x28.</exception>
    /// <exception cref="InvalidOperationException">
    /// Gradients are switched off; the model cannot compute the images, or its cost has no gradient, because a hook detaches an output or changes it in
    /// place; or the cost is no longer a finite number. The message says which.
    /// </exception>
    public static TrainingHistory Fit(
        CompressiveAutoencoder model,
        ImageSet training,
        ImageSet validation,
        CodecTrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new CodecTrainingOptions();
        options.Check(training, validation);
        Gradients.CheckEnabled();
        using var scope = NewDisposeScope();
        using var run = new CodecTrainingRun(model, training, validation, options, progress);
        while (run.History.Count < options.Epochs && run.Epoch(() => cancellation.IsCancellationRequested || Stop.Requested))
        {
        }

        if (run.History.Count < options.Epochs && Stop.Requested)
        {
            run.ReportStop();
        }

        return new TrainingHistory(run.History);
    }

    /// <summary>What images cost with rounded symbols, by the trained probabilities.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="images">Images of 28x28 pixels.</param>
    /// <returns>Bits an image, and the mean squared error of a pixel in [0, 1].</returns>
    /// <exception cref="ArgumentException">There are no images, or they have another size.</exception>
    public static (double Bits, double Mse) Evaluate(CompressiveAutoencoder model, ImageSet images)
    {
        CodecTrainingOptions.CheckImages(images, 1, nameof(images));
        using var shards = new Shards(parallel: true);
        return Evaluate(model, images, shards)!.Value;
    }

    /// <summary>The same, on shards that are there already; null where it was stopped.</summary>
    internal static (double Bits, double Mse)? Evaluate(CompressiveAutoencoder model, ImageSet images, Shards shards, Func<bool>? stop = null)
    {
        const int shardSize = 100;
        using var scope = NewDisposeScope();
        var bytes = images.ToBytes();
        var sums = shards.Sum(images.Count, shardSize, shard =>
        {
            using var noGradients = no_grad();
            var pixels = Trainer.ToPixels(bytes[shard]);
            var measured = model.Measure(pixels, QuantizerMode.Round);
            return stack([measured.Bits, measured.SquaredError]).to(float64).Times(pixels.shape[0]);
        }, stop);
        return sums is null ? null : (sums[0].ToDouble() / images.Count, sums[1].ToDouble() / images.Pixels.Length);
    }
}
