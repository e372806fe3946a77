using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>
/// Fits a codec's networks to the symbols that its search finds (see <see cref="ImageCodec.Encode(ImageSet, int, double?)"/>): the context model
/// learns what they cost, the synthesis network what they look like, and the analysis network to find them without a search. Nothing is
/// rounded in between, so each is an ordinary task with an ordinary gradient.
/// </summary>
public static class SymbolTrainer
{
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
        CodecTrainingOptions.CheckImages(training, Descent.BatchSize, nameof(training));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(learningRate);
        using var scope = NewDisposeScope();
        using var model = codec.ToModel();
        var (symbols, images) = (tensor(codec.Symbols(training, lambda), ScalarType.Byte).reshape(-1, 1, model.Options.Grid, model.Options.Grid), training.ToBytes());
        Descent.Run(
            model, training.Count, epochs, learningRate, seed, costs: 3,
            (parameters, index) => Gradient(model, parameters, symbols, images, index),
            means => progress?.Report((means[0], means[1], means[2])));
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
