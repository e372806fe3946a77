using Autoencoders.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>How <see cref="Trainer.Fit"/> trains.</summary>
public sealed record TrainingOptions
{
    private const int LargestBatch = 1 << 20;

    /// <summary>How many times the training set is gone through.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>How many images make a step, 1 to 1,048,576; the last batch of an epoch may have fewer.</summary>
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
    /// With a checkpoint it is also asked what it makes of the first images, before training.
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
    /// A file that keeps the state of the run: where it is there already, training goes on from it, to the bit as if it had never stopped.
    /// One that is damaged, or of a run that differs in anything that decides what comes out, is refused and stays. A state that is not finite is
    /// never kept, and where the file cannot be written, training goes on and says so in a line. Null keeps nothing.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>The longest time between two checkpoints; there is one at the end of every epoch as well.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Refuses what no training can be done with.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or sets of images are empty or do not fit together; the message names it.</exception>
    internal void Check(ImageSet training, ImageSet validation)
    {
        Require(Epochs >= 1, nameof(Epochs), Epochs, "Epochs must be 1 or more.");
        Require(BatchSize is >= 1 and <= LargestBatch, nameof(BatchSize), BatchSize, $"The batch size must be 1 to {LargestBatch} images.");
        Require(ShardSize is null or >= 0, nameof(ShardSize), ShardSize, "The size of a shard must be 0 or more images.");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "The learning rate must be a positive number.");
        Require(Enum.IsDefined(Loss), nameof(Loss), Loss, "There is no such loss.");
        var batches = (training.Count + BatchSize - 1) / BatchSize;
        Require((long)Epochs * batches <= int.MaxValue, nameof(Epochs), Epochs, $"{Epochs} epochs of {batches} batches are more steps than can be counted, {int.MaxValue}.");
        CheckSets(training, validation);
        if ((Device?.type == DeviceType.CUDA && !cuda.is_available()) || (Device?.type == DeviceType.MPS && !mps_is_available()) || Device?.type == DeviceType.META)
        {
            throw new ArgumentException($"Nothing can be trained on the device {Device}: there is none here, or it holds no numbers. Leave it out to take the best one.", nameof(Device));
        }
    }

    /// <summary>Refuses sets that a model cannot be trained and measured on.</summary>
    /// <exception cref="ArgumentException">A set is empty, or their images differ in size.</exception>
    internal static void CheckSets(ImageSet training, ImageSet validation)
    {
        if (training.Count == 0 || validation.Count == 0)
        {
            throw new ArgumentException($"There are no {(training.Count == 0 ? "training" : "validation")} images.", training.Count == 0 ? nameof(training) : nameof(validation));
        }

        if ((training.Height, training.Width) != (validation.Height, validation.Width))
        {
            throw new ArgumentException(
                $"Training images have {training.Height}x{training.Width} pixels and validation images {validation.Height}x{validation.Width}: they must have the same size.", nameof(validation));
        }
    }

    private static void Require(bool condition, string name, object? value, string otherwise)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, otherwise);
        }
    }
}
