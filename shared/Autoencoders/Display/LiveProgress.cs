using System.Globalization;
using Autoencoders.Training;

namespace Autoencoders.Display;

/// <summary>
/// Shows a training while it runs: in a .NET Interactive notebook redrawn in place, at most four times a second;
/// anywhere else a line on the console for each epoch. A display that fails never stops the training.
/// </summary>
public sealed class LiveProgress : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.25);

    private readonly TimeProvider _time;
    private readonly Func<IFigure, Action<IFigure>?> _show;
    private readonly List<EpochResult> _epochs = [];
    private readonly Lock _lock = new();
    private TrainingProgress? _last;
    private Action<IFigure>? _update;
    private long _drawn;

    /// <summary>Progress for the cell that runs when the first report comes; may be used for one training after the other.</summary>
    public LiveProgress()
        : this(TimeProvider.System, KernelDisplay.TryShow)
    {
    }

    internal LiveProgress(TimeProvider time, Func<IFigure, Action<IFigure>?> show) => (_time, _show) = (time, show);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        lock (_lock)
        {
            var isNew = _last is null || value.Epoch < _last.Epoch || (_last.Completed is not null && _last.Epoch == _last.Epochs);
            if (isNew)
            {
                _epochs.Clear();
            }

            _last = value;
            if (value.Completed is { } epoch)
            {
                _epochs.Add(epoch);
            }

            Show(value, isNew);
        }
    }

    private void Show(TrainingProgress value, bool isNew)
    {
        try
        {
            Draw(new ProgressView(value, [.. _epochs]), value, isNew);
        }
        catch (Exception e)
        {
            // Hours of training are worth more than their display.
            _update = null;
            Console.WriteLine($"The live display failed ({e.GetBaseException().Message}): from here on a line for each epoch.");
        }

        if (_update is null && value.Completed is { } epoch)
        {
            Console.WriteLine(Line(epoch, value.Epochs));
        }
    }

    private void Draw(ProgressView view, TrainingProgress value, bool isNew)
    {
        if (isNew)
        {
            _update = _show(view);
        }
        else if (_update is not null && (value.Completed is not null || _time.GetElapsedTime(_drawn) >= Interval))
        {
            _update(view);
        }
        else
        {
            return;
        }

        _drawn = _time.GetTimestamp();
    }

    private static string Line(EpochResult epoch, int epochs) => string.Create(CultureInfo.InvariantCulture,
        $"epoch {epoch.Epoch}/{epochs}: training loss {epoch.TrainingLoss:F4}, validation loss {epoch.ValidationLoss:F4}, {epoch.ImagesPerSecond:N0} images/s, {epoch.Seconds:F1} s");
}
