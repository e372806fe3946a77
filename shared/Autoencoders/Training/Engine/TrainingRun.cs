using System.Diagnostics;
using Autoencoders.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>One call of <see cref="Trainer.Fit"/>: what stays from step to step. Its tensors live in the caller's dispose scope.</summary>
internal sealed class TrainingRun : IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(0.2);

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Device _device;
    private readonly Tensor _training, _validation, _lossSum;
    private readonly ParallelModel _parallel;
    private readonly FlatParameters _parameters;
    private readonly FlatAdam _optimizer;
    private readonly Generator _chance;
    private readonly TrainingCheckpoint? _checkpoint;
    private readonly List<EpochResult> _history = [];
    private readonly int _count, _batches;
    private readonly Stopwatch _clock = new();
    private TimeSpan _before;
    private int _epoch = 1, _batch;
    private bool _hasBegun;

    /// <summary>Gets everything ready, and goes back to where the checkpoint is, if there is one.</summary>
    public TrainingRun(
        nn.Module<Tensor, Tensor> model, ImageSet training, ImageSet validation, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_model, _options, _progress) = (model, options, progress);
        _device = options.Device ?? TorchRuntime.BestDevice;
        model.to(_device);
        if (options.ChannelsLast)
        {
            Models.ChannelsLast.Arrange(model);
        }

        _training = training.ToBytes().to(_device);
        _validation = validation.ToBytes().to(_device);
        _lossSum = zeros(1, device: _device);
        _count = training.Count;
        _batches = (_count + options.BatchSize - 1) / options.BatchSize;
        try
        {
            _parameters = new FlatParameters(model.parameters());
            _optimizer = new FlatAdam(_parameters.All);
            _chance = new Generator((ulong)options.Seed, _device);
            _parallel = new ParallelModel(model, options.Loss, _device, options.ShardSize);
            if (options.Checkpoint is { } path)
            {
                _checkpoint = new TrainingCheckpoint(path, RunIdentity.Of(model, training, validation, options, _device));
                Resume(_checkpoint);
            }

            model.train();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The epochs completed so far.</summary>
    public IReadOnlyList<EpochResult> History => _history;

    /// <summary>Whether all epochs are completed.</summary>
    public bool Finished => _epoch > _options.Epochs;

    private TimeSpan Elapsed => _before + _clock.Elapsed;

    private int Done => Math.Min(_batch * _options.BatchSize, _count);

    // Reading the loss from an accelerator waits for it: there, only at the end of an epoch.
    private bool LossIsNear => _device.type == DeviceType.CPU;

    /// <summary>Goes through what is left of the epoch, in the order of (seed, epoch), and measures the validation loss.</summary>
    /// <param name="stop">Asked before every batch and during the validation.</param>
    /// <returns>False where it was stopped.</returns>
    public bool Epoch(Func<bool> stop)
    {
        using var scope = NewDisposeScope();
        _clock.Restart();
        var (reported, saved) = (Elapsed, Elapsed);
        var order = from_array(Minibatches.Permutation(_count, _options.Seed, _epoch)).to(_device);
        while (_batch < _batches)
        {
            if (stop())
            {
                Save();
                return false;
            }

            Step(order);
            if (LossIsNear && Elapsed - reported > ReportEvery)
            {
                reported = Elapsed;
                Report();
            }

            if (Elapsed - saved > _options.CheckpointEvery)
            {
                saved = Elapsed;
                Save();
            }
        }

        return Complete(stop);
    }

    /// <summary>Tells the reader where it was stopped.</summary>
    public void ReportStop() => Stop.Report(_epoch, _options.Epochs, _batch, _batches);

    /// <summary>Gives back the threads and all but the model; a constructor that fails has made only some of it.</summary>
    public void Dispose()
    {
        _parallel?.Dispose();
        _optimizer?.Dispose();
        _parameters?.Dispose();
        _chance?.Dispose();
    }

    private void Step(Tensor order)
    {
        using var scope = NewDisposeScope();
        var step = (_epoch - 1) * _batches + _batch;
        var size = Math.Min(_options.BatchSize, _count - Done);
        var images = Arrange(Batch(_training, order, Done, size));
        var input = _options.Corrupt is { } corrupt ? Arrange(Corrupted(corrupt, images)) : images;
        var gradient = _parallel.Gradient(_parameters, input, images);
        if (!_hasBegun && !IsFinite(gradient))
        {
            throw new InvalidOperationException($"{_model.GetName()} gives a loss or a gradient that is not finite for the first batch already: its weights or one of its layers are at fault.");
        }

        _hasBegun = true;
        var (rate, momentum) = _options.Schedule.At(step, _options.Epochs * _batches, _options.LearningRate);
        var parameters = _parameters.All.numel();
        _optimizer.Step(gradient.narrow(0, 0, parameters), step, rate, momentum);
        using Scalar weight = size;
        _lossSum.add_(gradient.narrow(0, parameters, 1), weight);
        _batch++;
    }

    /// <summary>Some images of an epoch, (N, 1, H, W) in [0, 1].</summary>
    internal static Tensor Batch(Tensor bytes, Tensor order, int start, int count) =>
        Trainer.ToPixels(bytes[TensorIndex.Tensor(order.narrow(0, start, count))]);

    private Tensor Corrupted(Func<Tensor, Generator, Tensor> corrupt, Tensor images)
    {
        // A copy, so that what it changes in place is not the target; and where it computes with parameters, those are not trained.
        var corrupted = corrupt(images.clone(), _chance).detach();
        if (corrupted.dim() == 0 || corrupted.shape[0] != images.shape[0] || corrupted.device_type != images.device_type)
        {
            throw new InvalidOperationException(
                $"The corruption makes ({string.Join(", ", corrupted.shape)}) on {corrupted.device_type} of images ({string.Join(", ", images.shape)}) on {images.device_type}: it must give one for each, on the same device.");
        }

        return !LossIsNear || IsFinite(corrupted)
            ? corrupted
            : throw new InvalidOperationException($"The corruption gives pixels that are not finite, in batch {_batch + 1} of epoch {_epoch}.");
    }

    private bool Complete(Func<bool> stop)
    {
        _clock.Stop();
        var (loss, seconds) = (MeanLoss(), Elapsed.TotalSeconds);
        if (_parallel.Evaluate(_validation, stop) is not { } validation)
        {
            Save();
            return false;
        }

        if (!double.IsFinite(validation))
        {
            throw Diverged($"validation loss became {validation}");
        }

        var result = new EpochResult(_epoch, loss, validation, seconds, _count / seconds);
        _history.Add(result);
        Report(result);
        (_epoch, _batch, _before) = (_epoch + 1, 0, TimeSpan.Zero);
        _clock.Reset();
        _lossSum.zero_();
        Save();
        return true;
    }

    private Tensor Arrange(Tensor images) => _options.ChannelsLast ? Models.ChannelsLast.Arrange(images) : images;

    private double MeanLoss()
    {
        var loss = _lossSum.ToDouble() / Done;
        return double.IsFinite(loss) ? loss : throw Diverged($"loss became {loss}");
    }

    private InvalidOperationException Diverged(string how) => new($"The {how} in epoch {_epoch}: train with a learning rate below {_options.LearningRate}.");

    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return tensor.isfinite().all().ToBoolean();
    }

    private void Report(EpochResult? completed = null)
    {
        if (_progress is not null)
        {
            var speed = Done / Elapsed.TotalSeconds;
            var left = (double)(_options.Epochs - _epoch + 1) * _count - Done;
            _progress.Report(new TrainingProgress(
                _epoch, _options.Epochs, _batch, _batches, completed?.TrainingLoss ?? MeanLoss(), speed, TimeSpan.FromSeconds(left / speed), completed));
        }
    }

    private void Save()
    {
        if (_checkpoint is null)
        {
            return;
        }

        if (!Tensors().Values.Append(_parameters.All).All(IsFinite))
        {
            throw Diverged("weights are no longer finite");
        }

        try
        {
            _checkpoint.Save(_model, Tensors(), new TrainingCheckpoint.State(_epoch, _batch, Elapsed, _parallel.Threads, _history), _chance);
        }
        catch (IOException e)
        {
            Console.WriteLine($"No checkpoint was kept, and training goes on: {e.Message}");
        }
    }

    private void Resume(TrainingCheckpoint checkpoint)
    {
        if (checkpoint.Load(_model, Tensors(), _chance, _options.Epochs, _batches) is { } state)
        {
            _history.AddRange(state.History);
            (_epoch, _batch, _before, _parallel.Threads) = (state.Epoch, state.Batch, state.Elapsed, state.Threads);
        }
    }

    private Dictionary<string, Tensor> Tensors() => new() { ["mean"] = _optimizer.Mean, ["square"] = _optimizer.Square, ["loss"] = _lossSum };
}
