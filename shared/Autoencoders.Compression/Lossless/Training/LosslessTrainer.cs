using System.Diagnostics;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Trains a <see cref="LosslessNetwork"/> for fewer bits.</summary>
public static class LosslessTrainer
{
    // Of a size that does not depend on the machine, and so neither does what is learned.
    private const int ShardSize = 16, EvaluationShard = 100;
    private const double WarmUp = 0.05, Momentum = 0.9, SquareDecay = 0.99, LargestStep = 10;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(0.2);

    /// <summary>Trains <paramref name="network"/> in place, on the CPU: Adam, whose rate rises and then falls along half a cosine.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">What it is fitted to: at least one batch of images of 28x28 pixels.</param>
    /// <param name="validation">What the cost is measured on after each epoch.</param>
    /// <param name="options">Epochs and the rest; null for the defaults.</param>
    /// <param name="progress">Told a few times a second, and at the end of every epoch; losses are bits per pixel.</param>
    /// <param name="cancellation">Ends training after the current batch, as <see cref="Stop"/> does.</param>
    /// <returns>Cost and speed of each epoch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range, or there are fewer images than a batch has.</exception>
    /// <exception cref="ArgumentException">The images have another size than 28x28.</exception>
    public static TrainingHistory Fit(
        LosslessNetwork network,
        ImageSet training,
        ImageSet validation,
        LosslessTrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new LosslessTrainingOptions();
        options.Check();
        LosslessCodec.CheckSize(training);
        LosslessCodec.CheckSize(validation);
        ArgumentOutOfRangeException.ThrowIfLessThan(training.Count, options.BatchSize, nameof(training));
        using var scope = NewDisposeScope();
        manual_seed(options.Seed);
        var images = training.ToBytes();
        using var parameters = new FlatParameters(network.parameters());
        using var optimizer = new FlatAdam(parameters.All, SquareDecay);
        using var shards = new Shards(parallel: true);
        var (batches, history, step) = (training.Count / options.BatchSize, new List<EpochResult>(), 0);
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var (clock, reported, bits, batch) = (Stopwatch.StartNew(), TimeSpan.Zero, 0.0, 0);
            foreach (var indices in Minibatches.Epoch(training.Count, options.BatchSize, options.Seed, epoch).Take(batches))
            {
                if (cancellation.IsCancellationRequested || Stop.Requested)
                {
                    if (Stop.Requested)
                    {
                        Stop.Report(epoch, options.Epochs, batch, batches);
                    }

                    return new TrainingHistory(history);
                }

                using var scopeOfStep = NewDisposeScope();
                var gradient = Gradient(network, parameters, shards, images.index_select(0, tensor(indices)));
                optimizer.Step(Limited(gradient.narrow(0, 1, parameters.All.numel())), step, Rate(options, (double)step / (options.Epochs * batches)), Momentum);
                (step, batch, bits) = (step + 1, batch + 1, bits + gradient[0].ToDouble());
                if (clock.Elapsed - reported > ReportEvery)
                {
                    reported = clock.Elapsed;
                    Report(reported);
                }
            }

            var elapsed = clock.Elapsed;
            history.Add(new EpochResult(epoch, bits / batches, BitsPerPixel(network, validation), elapsed.TotalSeconds, batches * options.BatchSize / elapsed.TotalSeconds));
            Report(elapsed, history[^1]);

            void Report(TimeSpan time, EpochResult? completed = null)
            {
                var speed = batch * options.BatchSize / time.TotalSeconds;
                var left = (double)((options.Epochs - epoch + 1) * batches - batch) * options.BatchSize;
                progress?.Report(new TrainingProgress(epoch, options.Epochs, batch, batches, bits / batch, speed, TimeSpan.FromSeconds(left / speed), completed));
            }
        }

        return new TrainingHistory(history);
    }

    /// <summary>The bits that a network promises for images; a file of them takes a little more.</summary>
    /// <param name="network">A trained network.</param>
    /// <param name="images">Images of 28x28 pixels.</param>
    /// <param name="seed">Seeds the samples of a network that draws some.</param>
    /// <returns>Bits a pixel; not a number where there are no images.</returns>
    public static double BitsPerPixel(LosslessNetwork network, ImageSet images, int seed = 1)
    {
        LosslessCodec.CheckSize(images);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var shards = new Shards(parallel: true);
        using var generator = new Generator((ulong)seed, CPU);
        var bytes = images.ToBytes();
        var chance = rand([images.Count, .. network.ChanceShape], generator: generator);
        return images.Count == 0 ? double.NaN : shards.Sum(images.Count, EvaluationShard, shard =>
        {
            using var alsoHere = no_grad();
            return network.Bits(bytes[shard], chance[shard], training: false).to(float64);
        })!.ToDouble() / images.Pixels.Length;
    }

    // Bits a pixel, and behind them their gradient.
    private static Tensor Gradient(LosslessNetwork network, FlatParameters parameters, Shards shards, Tensor images)
    {
        var chance = rand([images.shape[0], .. network.ChanceShape]);
        return shards.Sum((int)images.shape[0], ShardSize, shard =>
        {
            var cost = network.Bits(images[shard], chance[shard], training: true).Times(1.0 / images.numel());
            return cat([cost.detach().reshape(1), parameters.Flatten(autograd.grad([cost], parameters.Each))]);
        })!;
    }

    // A step that is far longer than others comes from a batch unlike them, and is cut.
    private static Tensor Limited(Tensor gradient)
    {
        var length = gradient.norm().ToDouble();
        return length > LargestStep ? gradient.Times(LargestStep / length) : gradient;
    }

    private static double Rate(LosslessTrainingOptions options, double progress) => options.LearningRate * (progress < WarmUp
        ? 0.02 + 0.98 * progress / WarmUp
        : 0.002 + 0.5 * (1 + Math.Cos(Math.PI * (progress - WarmUp) / (1 - WarmUp))));
}
