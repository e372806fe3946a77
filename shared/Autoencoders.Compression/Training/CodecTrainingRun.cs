using System.Diagnostics;
using Autoencoders.Data;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>One call of <see cref="CodecTrainer.Fit"/>: what stays from step to step.</summary>
internal sealed class CodecTrainingRun : IDisposable
{
    private const double WarmUp = 0.1, AnalysisWarmUp = 0.05;

    /// <summary>Adam's beta 1 and 2.</summary>
    internal const double Momentum = 0.9, SquareDecay = 0.99;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(0.2);

    private readonly CompressiveAutoencoder _model;
    private readonly ImageSet _validation;
    private readonly CodecTrainingOptions _options;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Tensor _images;
    private readonly FlatParameters _analysis, _others;
    private readonly FlatAdam _analysisOptimizer, _othersOptimizer;
    private readonly int _batches;
    private int _analysisSteps;

    public CodecTrainingRun(
        CompressiveAutoencoder model, ImageSet training, ImageSet validation, CodecTrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_model, _validation, _options, _progress) = (model, validation, options, progress);
        manual_seed(options.Seed);
        _images = training.ToBytes();
        _batches = training.Count / options.BatchSize;
        (_analysis, _others) = (new FlatParameters(model.AnalysisParameters), new FlatParameters(model.OtherParameters));
        (_analysisOptimizer, _othersOptimizer) = (new FlatAdam(_analysis.All, SquareDecay), new FlatAdam(_others.All, SquareDecay));
    }

    private int Steps => _options.Epochs * _batches;

    /// <summary>Goes through the training set once, and measures the validation cost.</summary>
    /// <returns>Null where it was cancelled.</returns>
    public EpochResult? Epoch(int epoch, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var reported = TimeSpan.Zero;
        var (batch, cost) = (0, 0.0);
        foreach (var indices in Minibatches.Epoch((int)_images.shape[0], _options.BatchSize, _options.Seed, epoch).Take(_batches))
        {
            if (cancellation.IsCancellationRequested)
            {
                return null;
            }

            cost += Step(indices, (epoch - 1) * _batches + batch++);
            if (clock.Elapsed - reported > ReportEvery)
            {
                reported = clock.Elapsed;
                Report(epoch, batch, cost / batch, clock.Elapsed);
            }
        }

        var elapsed = clock.Elapsed;
        var (bits, mse) = CodecTrainer.Evaluate(_model, _validation);
        var validation = bits + _options.Lambda * mse * _validation.Height * _validation.Width;
        var result = new EpochResult(epoch, cost / _batches, validation, elapsed.TotalSeconds, _batches * _options.BatchSize / elapsed.TotalSeconds);
        Report(epoch, batch, cost / batch, elapsed, result);
        return result;
    }

    public void Dispose()
    {
        _images.Dispose();
        _othersOptimizer.Dispose();
        _analysisOptimizer.Dispose();
        _others.Dispose();
        _analysis.Dispose();
    }

    private double Step(int[] indices, int step)
    {
        using var scope = NewDisposeScope();
        var still = step < _options.StillAtStart * Steps || step >= (1 - _options.StillAtEnd) * Steps;
        var progress = (double)step / Steps;
        var images = CodecTrainer.Pixels(_images.index_select(0, tensor(indices)));
        var dither = _options.DitherAtStart + (_options.DitherAtEnd - _options.DitherAtStart) * progress;
        var cost = _model.Measure(images, still ? QuantizerMode.Round : QuantizerMode.Dither, dither).Cost(_options.Lambda);
        var (rate, analysisRate) = Rates(progress);
        var gradients = autograd.grad([cost], still ? _others.Each : [.. _others.Each, .. _analysis.Each]);
        _othersOptimizer.Step(_others.Flatten(gradients.Take(_others.Each.Length)), step, rate, Momentum);
        if (!still)
        {
            _analysisOptimizer.Step(_analysis.Flatten(gradients.Skip(_others.Each.Length)), _analysisSteps++, analysisRate, Momentum);
        }

        return cost.ToDouble();
    }

    // Up during the first tenth, then down along a half cosine; the analysis network joins gently.
    private (double Rate, double AnalysisRate) Rates(double progress)
    {
        var rate = _options.LearningRate * (progress < WarmUp
            ? 0.1 + 0.9 * progress / WarmUp
            : 0.001 + 0.5 * (1 + Math.Cos(Math.PI * (progress - WarmUp) / (1 - WarmUp))));
        var joined = Math.Clamp((progress - _options.StillAtStart) / AnalysisWarmUp, 0.01, 1);
        return (rate, rate * _options.AnalysisRate * joined);
    }

    private void Report(int epoch, int batch, double cost, TimeSpan elapsed, EpochResult? completed = null)
    {
        var speed = batch * _options.BatchSize / elapsed.TotalSeconds;
        var left = (double)((_options.Epochs - epoch + 1) * _batches - batch) * _options.BatchSize;
        _progress?.Report(new TrainingProgress(epoch, _options.Epochs, batch, _batches, cost, speed, TimeSpan.FromSeconds(left / speed), completed));
    }
}
