using Autoencoders.Data;
using Autoencoders.Training;

namespace Autoencoders.Compression;

/// <summary>How one of the shipped lossless codecs is trained.</summary>
/// <param name="Name">The codec's name.</param>
/// <param name="Build">Makes the network with freshly drawn weights.</param>
/// <param name="Options">Epochs and the rest.</param>
public sealed record LosslessRecipe(string Name, Func<LosslessNetwork> Build, LosslessTrainingOptions Options)
{
    private const int ValidationImages = 1000, Seed = 42;

    /// <summary>The recipes of the codecs in <c>data/models</c>.</summary>
    public static IReadOnlyList<LosslessRecipe> Shipped { get; } =
    [
        new(LosslessCodec.BitsBack, () => new VaeNetwork(new VaeShape(Hidden: 48, Latents: 8), Seed), new() { Epochs = 4, BatchSize = 32, Seed = Seed }),
        new(LosslessCodec.Context, () => new PixelNetwork(new PixelShape(Rows: 6, Columns: 6, Hidden: 96, Hidden2: 64), Seed), new() { Epochs = 3, BatchSize = 16, Seed = Seed }),
    ];

    /// <summary>Trains the codec.</summary>
    /// <param name="training">The training digits; the last 1,000 also tell the cost after each epoch.</param>
    /// <param name="progress">Told a few times a second, and at the end of every epoch.</param>
    public LosslessCodec Train(ImageSet training, IProgress<TrainingProgress>? progress = null)
    {
        using var network = Build();
        var last = training.Select([.. Enumerable.Range(Math.Max(0, training.Count - ValidationImages), Math.Min(ValidationImages, training.Count))]);
        LosslessTrainer.Fit(network, training, last, Options, progress);
        return LosslessCodec.From(network, Name);
    }
}
