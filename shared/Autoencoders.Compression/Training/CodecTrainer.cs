using Autoencoders.Data;
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
    /// <param name="cancellation">Ends training after the current batch.</param>
    /// <returns>Cost and speed of each epoch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or there are fewer images than a batch has.</exception>
    public static TrainingHistory Fit(
        CompressiveAutoencoder model,
        ImageSet training,
        ImageSet validation,
        CodecTrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new CodecTrainingOptions();
        options.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(training.Count, options.BatchSize, nameof(training));
        using var scope = NewDisposeScope();
        using var run = new CodecTrainingRun(model, training, validation, options, progress);
        var history = new List<EpochResult>();
        for (var epoch = 1; epoch <= options.Epochs && run.Epoch(epoch, cancellation) is { } result; epoch++)
        {
            history.Add(result);
        }

        return new TrainingHistory(history);
    }

    /// <summary>What images cost with rounded symbols, by the trained probabilities.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="images">Images of 28x28 pixels.</param>
    /// <returns>Bits an image, and the mean squared error of a pixel in [0, 1].</returns>
    public static (double Bits, double Mse) Evaluate(CompressiveAutoencoder model, ImageSet images)
    {
        const int batchSize = 500;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var bytes = images.ToBytes();
        double bits = 0, error = 0;
        for (var start = 0; start < images.Count; start += batchSize)
        {
            using var batch = NewDisposeScope();
            var pixels = Pixels(bytes.narrow(0, start, Math.Min(batchSize, images.Count - start)));
            var measured = model.Measure(pixels, QuantizerMode.Round);
            bits += measured.Bits.ToDouble() * pixels.shape[0];
            error += measured.SquaredError.ToDouble() * pixels.shape[0];
        }

        return (bits / images.Count, error / images.Pixels.Length);
    }

    internal static Tensor Pixels(Tensor bytes) => bytes.to(float32).div_(255);
}
