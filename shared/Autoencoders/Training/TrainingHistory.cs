namespace Autoencoders.Training;

/// <summary>What <see cref="Trainer.Fit"/> measured, epoch by epoch.</summary>
/// <param name="Epochs">The epochs in order; fewer than asked for where training was stopped.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochResult> Epochs)
{
    /// <summary>The validation loss after the last epoch; not a number where training was stopped in the first.</summary>
    public double FinalValidationLoss => Epochs.Count > 0 ? Epochs[^1].ValidationLoss : double.NaN;

    /// <summary>The seconds of all epochs together, validation not counted.</summary>
    public double Seconds => Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>Training images a second, the median over the epochs; 0 without an epoch.</summary>
    public double ImagesPerSecond => Epochs.Count == 0 ? 0 : Epochs.Select(epoch => epoch.ImagesPerSecond).Order().ElementAt(Epochs.Count / 2);
}
