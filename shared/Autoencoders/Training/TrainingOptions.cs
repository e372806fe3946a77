using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>How <see cref="Trainer.Fit"/> trains.</summary>
public sealed record TrainingOptions
{
    /// <summary>How many times the training set is gone through.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>How many images make a step; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The learning rate of Adam: its peak, where the schedule has one.</summary>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>How the learning rate moves.</summary>
    public Schedule Schedule { get; init; } = Schedule.OneCycle;

    /// <summary>What is made small.</summary>
    public Loss Loss { get; init; } = Loss.BinaryCrossEntropy;

    /// <summary>
    /// Makes the network's input from clean images (N, 1, H, W), drawing all chance from the generator it is given, while the
    /// loss is taken against the clean ones: training for denoising. The validation loss is that of clean input. Null trains on the clean images.
    /// </summary>
    public Func<Tensor, Generator, Tensor>? Corrupt { get; init; }

    /// <summary>Seeds the order of the images and the corruption; the initial weights have a seed of their own.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Where to train; null for CUDA, then Apple's MPS, then the CPU, whichever is there first.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// How many images make a shard: a batch is cut into them, and threads of their own compute them side by side. Null: what suits the batch
    /// and the number of threads (<see cref="TorchRuntime.Workers"/>), and no shards on a GPU or where a layer looks at the whole batch or draws random numbers (batch
    /// normalisation, dropout). 0: no shards, as for a module of yours that does such a thing. Shards of the same size give the same weights
    /// to the bit with any number of threads.
    /// </summary>
    public int? ShardSize { get; init; }

    /// <summary>Whether weights and images are laid out as <see cref="Models.ChannelsLast"/> does it.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>
    /// A file that keeps the state of the run: where it is there already, training goes on from it, with as many threads to the bit as if it had never stopped.
    /// Null keeps nothing.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>The longest time between two checkpoints; there is one at the end of every epoch as well.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ShardSize ?? 0, nameof(ShardSize));
        if (!(LearningRate > 0 && double.IsFinite(LearningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "The learning rate must be a positive number.");
        }
    }
}
