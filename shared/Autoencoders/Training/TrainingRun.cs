using System.Diagnostics;
using Autoencoders.Data;
using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>One call of <see cref="Trainer.Fit"/>: what stays from step to step. Its tensors live in the caller's dispose scope.</summary>
internal sealed class TrainingRun : IDisposable
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(0.2);

    private readonly TrainingOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Device _device;
    private readonly Tensor _training, _validation, _lossSum;
    private readonly ParallelModel _parallel;
    private readonly Adam _optimizer;
    private readonly Generator _chance;
    private readonly int _count, _batches;

    public TrainingRun(
        nn.Module<Tensor, Tensor> model, ImageSet training, ImageSet validation, TrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_options, _progress) = (options, progress);
        _device = options.Device ?? TorchRuntime.BestDevice;
        model.to(_device);
        ChannelsLast.Arrange(model);
        model.train();
        _training = training.ToBytes().to(_device);
        _validation = validation.ToBytes().to(_device);
        _lossSum = zeros(1, device: _device);
        _parallel = new ParallelModel(model, options.Loss, _device);
        _optimizer = optim.Adam(model.parameters(), options.LearningRate);
        _chance = new Generator((ulong)options.Seed, _device);
        _count = training.Count;
        _batches = (_count + options.BatchSize - 1) / options.BatchSize;
    }

    /// <summary>Goes through the training set once, in the order of (seed, epoch), and measures the validation loss.</summary>
    /// <returns>Null where it was cancelled.</returns>
    public EpochResult? Epoch(int epoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        _lossSum.zero_();
        var (batch, done) = (0, 0);
        foreach (var indices in Minibatches.Epoch(_count, _options.BatchSize, _options.Seed, epoch))
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            Step(indices, (epoch - 1) * _batches + batch++);
            done += indices.Length;
            if (clock.Elapsed - reported > ReportEvery)
            {
                reported = clock.Elapsed;
                Report(epoch, batch, done, clock.Elapsed);
            }
        }

        var trainingLoss = MeanLoss(done, epoch);
        var seconds = clock.Elapsed.TotalSeconds;
        var result = new EpochResult(epoch, trainingLoss, _parallel.Evaluate(_validation), seconds, done / seconds);
        Report(epoch, batch, done, TimeSpan.FromSeconds(seconds), result);
        return result;
    }

    public void Dispose()
    {
        _parallel.Dispose();
        _optimizer.zero_grad();
        _optimizer.Dispose();
        _chance.Dispose();
    }

    private void Step(int[] indices, int step)
    {
        using var scope = NewDisposeScope();
        var (rate, momentum) = _options.Schedule.At(step, _options.Epochs * _batches, _options.LearningRate);
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = rate;
            ((optim.IBetas)group).Betas = (momentum, 0.999);
        }

        var images = Trainer.ToPixels(_training.index_select(0, tensor(indices, device: _device)));
        var input = _options.Corrupt is { } corrupt ? ChannelsLast.Arrange(corrupt(images, _chance)) : images;
        var loss = _parallel.Backward(input, images);
        _optimizer.step();
        _lossSum.add_(loss, alpha: indices.Length);
    }

    /// <summary>Reads the loss from the device, which waits for it: only when somebody wants to see it.</summary>
    private double MeanLoss(int done, int epoch)
    {
        var loss = _lossSum.ToDouble() / done;
        return double.IsFinite(loss)
            ? loss
            : throw new InvalidOperationException($"The loss became {loss} in epoch {epoch}: train with a learning rate below {_options.LearningRate}.");
    }

    private void Report(int epoch, int batch, int done, TimeSpan elapsed, EpochResult? completed = null)
    {
        if (_progress is not null)
        {
            var speed = done / elapsed.TotalSeconds;
            var left = (double)(_options.Epochs - epoch + 1) * _count - done;
            _progress.Report(new TrainingProgress(
                epoch, _options.Epochs, batch, _batches, MeanLoss(done, epoch), speed, TimeSpan.FromSeconds(left / speed), completed));
        }
    }
}
