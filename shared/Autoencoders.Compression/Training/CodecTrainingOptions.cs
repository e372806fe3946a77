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

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Lambda);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
    }
}
