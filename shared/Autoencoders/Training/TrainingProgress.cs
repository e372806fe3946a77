namespace Autoencoders.Training;

/// <summary>Where a training run stands.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Batch">The batches done in this epoch.</param>
/// <param name="Batches">The batches of an epoch.</param>
/// <param name="Loss">The mean training loss of this epoch so far.</param>
/// <param name="ImagesPerSecond">Training images a second in this epoch so far.</param>
/// <param name="Remaining">The time left at that speed.</param>
/// <param name="Completed">The result of the epoch, on the report that ends it.</param>
public sealed record TrainingProgress(
    int Epoch, int Epochs, int Batch, int Batches, double Loss, double ImagesPerSecond, TimeSpan Remaining, EpochResult? Completed = null);
