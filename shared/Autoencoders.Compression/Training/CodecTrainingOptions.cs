using Autoencoders.Data;

namespace Autoencoders.Compression;

/// <summary>How <see cref="CodecTrainer"/> trains.</summary>
public sealed record CodecTrainingOptions
{
    /// <summary>How many bits one unit of squared error is worth: about 4 for 20 dB, 22 for 25 dB and 90 for 30 dB on the digits.</summary>
    public double Lambda { get; init; } = 22;

    /// <summary>How many times the training set is gone through.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>How many images make a step; what is left over at the end of an epoch waits for the next.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The peak of Adam's learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The analysis network's learning rate as a part of the others': it has to move slowly enough for the context model to follow.</summary>
    public double AnalysisRate { get; init; } = 0.4;

    /// <summary>For how much of training, at the beginning, the analysis network stands still, so that the others learn its first code.</summary>
    public double StillAtStart { get; init; } = 0.1;

    /// <summary>For how much of training, at the end, it stands still again, and the others learn its symbols as they are in use.</summary>
    public double StillAtEnd { get; init; } = 0.1;

    /// <summary>The dither's width at the beginning: see <see cref="Quantizer.Apply"/>.</summary>
    public double DitherAtStart { get; init; } = 0.5;

    /// <summary>The dither's width at the end.</summary>
    public double DitherAtEnd { get; init; } = 0.25;

    /// <summary>Seeds the order of the images; torch's global random state, which the dither draws from, is seeded with it too.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Refuses what no training can be done with.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or there are too few images or images of another size; the message names it.</exception>
    internal void Check(ImageSet training, ImageSet validation)
    {
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 or more");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Require(Lambda > 0 && double.IsFinite(Lambda), nameof(Lambda), Lambda, "a positive number");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        Require(AnalysisRate >= 0 && double.IsFinite(AnalysisRate), nameof(AnalysisRate), AnalysisRate, "0 or more");
        Require(StillAtStart is >= 0 and <= 1, nameof(StillAtStart), StillAtStart, "0 to 1");
        Require(StillAtEnd is >= 0 and <= 1, nameof(StillAtEnd), StillAtEnd, "0 to 1");
        Require(DitherAtStart is > 0 and <= 1, nameof(DitherAtStart), DitherAtStart, "above 0, and at most 1");
        Require(DitherAtEnd is > 0 and <= 1, nameof(DitherAtEnd), DitherAtEnd, "above 0, and at most 1");
        CheckImages(training, BatchSize, nameof(training));
        CheckImages(validation, 1, nameof(validation));
        var most = int.MaxValue / (training.Count / BatchSize);
        Require(Epochs <= most, nameof(Epochs), Epochs, $"at most {most}, or there are more steps than can be counted");
    }

    /// <summary>Refuses images that no codec takes.</summary>
    /// <exception cref="ArgumentException">There are fewer than <paramref name="least"/>, or they have another size.</exception>
    internal static void CheckImages(ImageSet images, int least, string name)
    {
        if (images.Count < least)
        {
            throw new ArgumentOutOfRangeException(name, images.Count, $"At least {least} images are needed, and there are {images.Count}.");
        }

        if ((images.Height, images.Width) != (ImageCodec.Side, ImageCodec.Side))
        {
            throw new ArgumentException($"The codec takes images of {ImageCodec.Side}x{ImageCodec.Side} pixels, not {images.Height}x{images.Width}.", name);
        }
    }

    private static void Require(bool condition, string name, double value, string range)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
