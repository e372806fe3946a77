using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>
/// Fits a codec's networks to the symbols that its search finds (see <see cref="ImageCodec.Encode(ImageSet, int, double?)"/>): the context model
/// learns what they cost, the synthesis network what they look like, and the analysis network to find them without a search. Nothing is
/// rounded in between, so each is an ordinary task with an ordinary gradient.
/// </summary>
public static class SymbolTrainer
{
    private const int BatchSize = 128;

    /// <summary>Searches symbols for all images, and trains on them.</summary>
    /// <param name="codec">A trained codec; it stays as it is.</param>
    /// <param name="training">What it is fitted to: at least 128 images of 28x28 pixels.</param>
    /// <param name="lambda">How many bits a unit of squared error is worth in the search.</param>
    /// <param name="epochs">How many times the training set is gone through.</param>
    /// <param name="learningRate">The peak of Adam's learning rate.</param>
    /// <param name="seed">Seeds the order of the images.</param>
    /// <param name="progress">Told the mean cost after each epoch: bits an image, the squared error of its pixels, and that of its latents.</param>
    /// <returns>A codec of the same measures; where it was stopped (<see cref="Stop"/>), as far as it was trained.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer images than a batch has (128), or a number is not positive.</exception>
    public static ImageCodec Fit(
        ImageCodec codec, ImageSet training, double lambda, int epochs, double learningRate = 1e-3, int seed = 42, IProgress<(double Bits, double SquaredError, double LatentError)>? progress = null)
    {
        CodecTrainingOptions.CheckImages(training, BatchSize, nameof(training));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        using var scope = NewDisposeScope();
        using var model = codec.ToModel();
        var (symbols, images) = (tensor(codec.Symbols(training, lambda), ScalarType.Byte).reshape(-1, 1, model.Options.Grid, model.Options.Grid), training.ToBytes());
        using var parameters = new FlatParameters(model.parameters());
        using var optimizer = new FlatAdam(parameters.All, CodecTrainingRun.SquareDecay);
        using var shards = new Shards(parallel: true);
        var (step, batches) = (0, training.Count / BatchSize);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (batch, sums) = (0, new double[3]);
            foreach (var indices in Minibatches.Epoch(training.Count, BatchSize, seed, epoch + 1).Take(batches).TakeWhile(_ => !Stop.Requested))
            {
                using var scopeOfStep = NewDisposeScope();
                var done = (epoch + (double)batch++ / batches) / epochs;
                var rate = learningRate * Math.Min(1, 20 * done + 0.05) * (0.001 + 0.5 * (1 + Math.Cos(Math.PI * done)));
                var index = tensor(indices);
                var gradient = shards.Sum(BatchSize, Shards.SizeFor(BatchSize), shard => Gradient(model, parameters, symbols, images, index[shard]))!;
                optimizer.Step(gradient.narrow(0, sums.Length, parameters.All.numel()), step++, rate, CodecTrainingRun.Momentum);
                for (var i = 0; i < sums.Length; i++)
                {
                    sums[i] += gradient[i].ToDouble() / BatchSize;
                }
            }

            if (Stop.Requested)
            {
                Stop.Report(epoch + 1, epochs, batch, batches);
                break;
            }

            progress?.Report((sums[0] / batches, sums[1] / batches, sums[2] / batches));
        }

        return ImageCodec.From(model, codec.Name);
    }

    // Bits, squared errors of pixels and of latents, summed over the images, and behind them the gradient of their sum: no weight is in
    // two of them, and Adam does not ask how large each is.
    private static Tensor Gradient(CompressiveAutoencoder model, FlatParameters parameters, Tensor symbols, Tensor images, Tensor index)
    {
        var wanted = symbols.index_select(0, index).to(ScalarType.Float32);
        var pixels = Trainer.ToPixels(images.index_select(0, index));
        var bits = model.LogProbabilities(wanted).gather(3, wanted.reshape(wanted.shape[0], wanted.shape[2], wanted.shape[3], 1).to(ScalarType.Int64)).sum().Times(-1 / Math.Log(2));
        var drawn = (model.Synthesise(wanted) - pixels).square().sum();
        var latents = (model.Analyse(pixels).Clamp(0, model.Options.Levels - 1) - wanted).square().sum();
        var gradients = autograd.grad([bits + drawn + latents], parameters.Each);
        return cat([stack([bits, drawn, latents]).detach(), parameters.Flatten(gradients)]);
    }
}
