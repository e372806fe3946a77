namespace Autoencoders.Training;

/// <summary>What one pass over the training set came to.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="TrainingLoss">The mean loss of its batches, each taken before the step that it led to.</param>
/// <param name="ValidationLoss">The loss on the validation set after its last step.</param>
/// <param name="Seconds">How long the training took, validation not counted.</param>
/// <param name="ImagesPerSecond">Training images for each of these seconds.</param>
public sealed record EpochResult(int Epoch, double TrainingLoss, double ValidationLoss, double Seconds, double ImagesPerSecond);
