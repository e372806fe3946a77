using Autoencoders.Data;
using Autoencoders.Training;
using Autoencoders.Weights;

namespace Autoencoders.Compression;

/// <summary>How one of the shipped codecs is trained.</summary>
/// <param name="Quality">The codec is called <c>cae-</c> and this number: about its PSNR in decibels.</param>
/// <param name="Model">The measures of its networks.</param>
/// <param name="Phases">What is done one after the other: each phase goes on from the weights of the one before.</param>
/// <param name="StartFrom">The quality whose weights the first phase goes on from; null for freshly drawn ones.</param>
/// <param name="NarrowEpochs">For how many epochs a narrower synthesis network, which decodes faster, is fitted in the end; 0 to keep the wide one.</param>
/// <param name="Refit">What lambda the search has for the symbols that all networks are fitted to after that, and how many epochs it takes; null for no such fit.</param>
/// <param name="SearchLambda">The lambda that the codec names for its search; null for none.</param>
public sealed record CodecRecipe(
    int Quality, CompressiveAutoencoderOptions Model, IReadOnlyList<CodecTrainingOptions> Phases, int? StartFrom = null, int NarrowEpochs = 0,
    (double Lambda, int Epochs)? Refit = null, double? SearchLambda = null)
{
    private const int ValidationImages = 2000, NarrowWidth = 32, Seed = 42;
    private const double NarrowLearningRate = 1.5e-3;

    /// <summary>The recipes of the codecs in <c>data/models</c>, in the order in which they build on each other.</summary>
    public static IReadOnlyList<CodecRecipe> Shipped { get; } =
    [
        new(26, Coarse(6), [new() { Lambda = 48, Epochs = 6 }, Further(34, 4, 1.2e-3)], NarrowEpochs: 20, Refit: (38, 6), SearchLambda: 16),
        new(24, Coarse(4), [new() { Lambda = 30, Epochs = 10 }], Refit: (14, 6), SearchLambda: 8),
        new(25, Coarse(4), [Further(60, 5, 1.5e-3), Further(72, 3, 1.2e-3)], StartFrom: 24, NarrowEpochs: 40, Refit: (48, 6), SearchLambda: 10),
        new(22, Coarse(3), [new() { Lambda = 7.5, Epochs = 6 }], NarrowEpochs: 4, Refit: (5.5, 6), SearchLambda: 5.8),
        new(20, Coarse(2), [new() { Lambda = 6, Epochs = 6 }], NarrowEpochs: 4, Refit: (3.2, 6), SearchLambda: 2.6),
        new(18, Coarse(2), [Further(2, 2, 2e-3)], StartFrom: 20, NarrowEpochs: 4, Refit: (1.7, 6), SearchLambda: 1.45),
        new(28, Fine(3), [new() { Lambda = 42, Epochs = 4, DitherAtStart = 0.4, DitherAtEnd = 0.2 }], NarrowEpochs: 3, Refit: (36, 6), SearchLambda: 41.5),
        new(30, Fine(4), [new() { Lambda = 62, Epochs = 4, DitherAtStart = 0.4, DitherAtEnd = 0.2 }], NarrowEpochs: 3, Refit: (48, 6), SearchLambda: 66),
    ];

    /// <summary>Trains the codec, and keeps its weights in full precision among the artifacts, for recipes that start from them.</summary>
    /// <param name="training">The training digits; the first 2,000 also tell the cost after each epoch.</param>
    /// <param name="report">Told a line after each epoch.</param>
    /// <exception cref="FileNotFoundException">The recipe starts from another quality, which was not trained yet.</exception>
    public ImageCodec Train(ImageSet training, Action<string>? report = null)
    {
        TorchRuntime.Initialize();
        using var model = new CompressiveAutoencoder(Model);
        if (StartFrom is { } earlier)
        {
            ModelWeights.Load(model, TrainingFile(earlier));
        }

        foreach (var phase in Phases)
        {
            CodecTrainer.Fit(model, training, training.Take(ValidationImages), phase, new Reporter<TrainingProgress>(progress =>
            {
                if (progress.Completed is { } epoch)
                {
                    report?.Invoke($"epoch {progress.Epoch}/{progress.Epochs}: {epoch.TrainingLoss:F1} bits, validation {epoch.ValidationLoss:F1}, {epoch.ImagesPerSecond:F0} images/s");
                }
            }));
        }

        ModelWeights.Save(model, TrainingFile(Quality));
        return Finish(ImageCodec.From(model, $"cae-{Quality}"), training, report);
    }

    /// <summary>What follows once the model is trained: a narrower synthesis network, the fit to what the search finds, the search's lambda.</summary>
    /// <param name="codec">The codec, which is disposed of.</param>
    /// <param name="training">The training digits.</param>
    /// <param name="report">Told a line after each epoch.</param>
    public ImageCodec Finish(ImageCodec codec, ImageSet training, Action<string>? report = null)
    {
        if (NarrowEpochs > 0)
        {
            Replace(SynthesisTrainer.Fit(codec, NarrowWidth, training, NarrowEpochs, NarrowLearningRate, Seed, new Reporter<double>(error =>
                report?.Invoke($"narrower synthesis network: mean squared error {error:F1}"))));
        }

        if (Refit is var (lambda, epochs))
        {
            Replace(SymbolTrainer.Fit(codec, training, lambda, epochs, seed: Seed, progress: new Reporter<(double Bits, double Error, double Latents)>(cost =>
                report?.Invoke($"searched symbols: {cost.Bits:F2} bits, squared error {cost.Error:F2}, of latents {cost.Latents:F2}"))));
        }

        if (SearchLambda is { } search)
        {
            Replace(codec.WithSearchLambda(search));
        }

        return codec;

        void Replace(ImageCodec better)
        {
            codec.Dispose();
            codec = better;
        }
    }

    private static CompressiveAutoencoderOptions Coarse(int levels) => new() { Grid = 14, Levels = levels, Seed = Seed };

    private static CompressiveAutoencoderOptions Fine(int levels) =>
        new() { Grid = 28, Levels = levels, ContextRows = 4, ContextColumns = 4, ContextHidden = 16, ContextHidden2 = 16, Seed = Seed };

    private static CodecTrainingOptions Further(double lambda, int epochs, double learningRate) =>
        new() { Lambda = lambda, Epochs = epochs, LearningRate = learningRate, StillAtStart = 0 };

    private static string TrainingFile(int quality) => Path.Combine(ProjectFolder.Artifacts, $"cae-{quality}-training.safetensors");

    // At once and in order, where Progress<T> would report on some other thread, later.
    private sealed class Reporter<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
