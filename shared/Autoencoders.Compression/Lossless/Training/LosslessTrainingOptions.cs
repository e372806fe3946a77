namespace Autoencoders.Compression;

/// <summary>How <see cref="LosslessTrainer"/> trains.</summary>
public sealed record LosslessTrainingOptions
{
    /// <summary>How many times the training set is gone through.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>How many images make a step; what is left over at the end of an epoch waits for the next.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The peak of Adam's learning rate.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Seeds the order of the images; torch's global random state, which samples are drawn from, is seeded with it too.</summary>
    public int Seed { get; init; } = 42;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
    }
}
