using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>How <see cref="Trainer.Fit"/> trains.</summary>
public sealed record TrainingOptions
{
    /// <summary>How many times the training set is gone through.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>How many images make a step; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>The learning rate of Adam: its peak, where the schedule has one.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>How the learning rate moves.</summary>
    public Schedule Schedule { get; init; } = Schedule.OneCycle;

    /// <summary>What is made small.</summary>
    public Loss Loss { get; init; } = Loss.BinaryCrossEntropy;

    /// <summary>
    /// Makes the network's input from clean images (N, 1, H, W), drawing all chance from the generator it is given, while the
    /// loss is taken against the clean ones: training for denoising. Null trains on the clean images.
    /// </summary>
    public Func<Tensor, Generator, Tensor>? Corrupt { get; init; }

    /// <summary>Seeds the order of the images and the corruption; the initial weights have a seed of their own.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Where to train; null for CUDA, then Apple's MPS, then the CPU, whichever is there first.</summary>
    public Device? Device { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "The learning rate must be a positive number.");
        }
    }
}
