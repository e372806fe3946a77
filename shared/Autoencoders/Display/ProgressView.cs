using System.Globalization;
using Autoencoders.Training;

namespace Autoencoders.Display;

/// <summary>How a training stands: the epochs behind it as a table, the one under way as a bar and a line.</summary>
internal sealed class ProgressView(TrainingProgress progress, IReadOnlyList<EpochResult> epochs) : IFigure
{
    private double Part => (progress.Epoch - 1 + progress.Batch / (double)Math.Max(progress.Batches, 1)) / progress.Epochs;

    private bool IsFinished => progress.Completed is not null && progress.Epoch == progress.Epochs;

    /// <inheritdoc/>
    public string ToHtml() => (IsFinished ? "" : Bar()) + (epochs.Count > 0 ? Table.Of(epochs).ToHtml() : "");

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', new[] { epochs.Count > 0 ? Table.Of(epochs).ToString() : "", IsFinished ? "" : Line() }.Where(s => s.Length > 0));

    private string Bar() => string.Create(CultureInfo.InvariantCulture, $"""
        <div style="width:420px;max-width:100%;height:8px;background:#8884;border-radius:4px"><div style="width:{100 * Math.Clamp(Part, 0, 1):F1}%;height:8px;background:#0072B2;border-radius:4px"></div></div>
        <div style="margin:4px 0">{Html.Encode(Line())}</div>
        <div style="margin:4px 0;opacity:0.7">{Html.Encode(Stop.HowTo)}</div>
        """);

    private string Line() => string.Create(CultureInfo.InvariantCulture,
        $"epoch {progress.Epoch}/{progress.Epochs}, loss so far {progress.Loss:F4}, {progress.ImagesPerSecond:N0} images/s, {Left(progress.Remaining)} left");

    private static string Left(TimeSpan time) => time.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):F0} min");
}
