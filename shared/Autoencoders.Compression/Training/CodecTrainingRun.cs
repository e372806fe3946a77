using System.Diagnostics;
using System.Runtime.InteropServices;
using Autoencoders.Data;
using Autoencoders.Models;
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
    private readonly Shards _shards;
    private readonly Gradients _stillGradients, _gradients;
    private readonly List<EpochResult> _history = [];
    private readonly int _batches;
    private int _batch, _analysisSteps;

    public CodecTrainingRun(
        CompressiveAutoencoder model, ImageSet training, ImageSet validation, CodecTrainingOptions options, IProgress<TrainingProgress>? progress)
    {
        (_model, _validation, _options, _progress) = (model, validation, options, progress);
        (_stillGradients, _gradients) = (new Gradients(model.GetName(), all: true), new Gradients(model.GetName(), all: true));
        manual_seed(options.Seed);
        _images = training.ToBytes();
        _batches = training.Count / options.BatchSize;
        try
        {
            _analysis = new FlatParameters(model.AnalysisParameters);
            _others = new FlatParameters(model.OtherParameters);
            (_analysisOptimizer, _othersOptimizer) = (new FlatAdam(_analysis.All, SquareDecay), new FlatAdam(_others.All, SquareDecay));
            _shards = new Shards(parallel: true);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The epochs completed so far.</summary>
    public IReadOnlyList<EpochResult> History => _history;

    private int Number => _history.Count + 1;

    private int Steps => _options.Epochs * _batches;

    /// <summary>Goes through the training set once, and measures the validation cost.</summary>
    /// <param name="stop">Asked before every batch and during the validation.</param>
    /// <returns>False where it was stopped.</returns>
    public bool Epoch(Func<bool> stop)
    {
        var clock = Stopwatch.StartNew();
        var (reported, cost) = (TimeSpan.Zero, 0.0);
        _batch = 0;
        foreach (var indices in Minibatches.Epoch((int)_images.shape[0], _options.BatchSize, _options.Seed, Number).Take(_batches))
        {
            if (stop())
            {
                return false;
            }

            cost += Step(indices, (Number - 1) * _batches + _batch++);
            if (clock.Elapsed - reported > ReportEvery)
            {
                reported = clock.Elapsed;
                Report(cost / _batch, clock.Elapsed);
            }
        }

        var elapsed = clock.Elapsed;
        if (CodecTrainer.Evaluate(_model, _validation, _shards, stop) is not var (bits, mse))
        {
            return false;
        }

        var validation = bits + _options.Lambda * mse * _validation.Height * _validation.Width;
        var result = new EpochResult(Number, cost / _batches, validation, elapsed.TotalSeconds, _batches * _options.BatchSize / elapsed.TotalSeconds);
        Report(cost / _batches, elapsed, result);
        _history.Add(result);
        return true;
    }

    /// <summary>Tells the reader where it was stopped.</summary>
    public void ReportStop() => Stop.Report(Number, _options.Epochs, _batch, _batches);

    /// <summary>Gives back the threads and all but the model; a constructor that fails has made only some of it.</summary>
    public void Dispose()
    {
        _shards?.Dispose();
        _othersOptimizer?.Dispose();
        _analysisOptimizer?.Dispose();
        _others?.Dispose();
        _analysis?.Dispose();
        _images.Dispose();
    }

    private double Step(int[] indices, int step)
    {
        using var scope = NewDisposeScope();
        var still = step < _options.StillAtStart * Steps || step >= (1 - _options.StillAtEnd) * Steps;
        var progress = (double)step / Steps;
        var others = _others.All.numel();
        var gradient = Gradient(Trainer.ToPixels(_images.index_select(0, tensor(indices))), still, progress);
        var cost = gradient[0].ToDouble();
        if (!double.IsFinite(cost))
        {
            throw new InvalidOperationException(step == 0
                ? $"{_model.GetName()} costs {cost} bits for the first batch already: its weights are not finite, or far too large."
                : $"The cost became {cost} in epoch {Number}: train with a learning rate below {_options.LearningRate}.");
        }

        var (rate, analysisRate) = Rates(progress);
        _othersOptimizer.Step(gradient.narrow(0, 1, others), step, rate, Momentum);
        if (!still)
        {
            _analysisOptimizer.Step(gradient.narrow(0, 1 + others, _analysis.All.numel()), _analysisSteps++, analysisRate, Momentum);
        }

        return cost;
    }

    // The mean cost of the images, and behind it its gradient: for the others, and for the analysis network where it does not stand still.
    private Tensor Gradient(Tensor images, bool still, double progress)
    {
        var (grid, mode) = (_model.Options.Grid, still ? QuantizerMode.Round : QuantizerMode.Dither);
        var chance = still ? null : rand(images.shape[0], 1, grid, grid);
        var dither = _options.DitherAtStart + (_options.DitherAtEnd - _options.DitherAtStart) * progress;
        Tensor[] parameters = still ? _others.Each : [.. _others.Each, .. _analysis.Each];
        var gradients = still ? _stillGradients : _gradients;
        var sum = _shards.Sum((int)images.shape[0], Shards.SizeFor((int)images.shape[0]), shard =>
        {
            var part = images[shard];
            var cost = Cost(part, mode, dither, chance?[shard]).Times((double)part.shape[0] / images.shape[0]);
            var each = gradients.Of(cost, parameters);
            var others = _others.Flatten(each.Take(_others.Each.Length));
            return cat(still ? [cost.detach().reshape(1), others] : [cost.detach().reshape(1), others, _analysis.Flatten(each.Skip(_others.Each.Length))]);
        })!;
        gradients.BatchDone();
        return sum;
    }

    private Tensor Cost(Tensor images, QuantizerMode mode, double dither, Tensor? chance)
    {
        try
        {
            return _model.Measure(images, mode, dither, chance).Cost(_options.Lambda);
        }
        catch (ExternalException e)
        {
            var failure = NativeFailure.Short(e);
            throw new InvalidOperationException($"{_model.GetName()} cannot compute images ({string.Join(", ", images.shape)}): {failure.Message}", failure);
        }
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

    private void Report(double cost, TimeSpan elapsed, EpochResult? completed = null)
    {
        var speed = _batch * _options.BatchSize / elapsed.TotalSeconds;
        var left = (double)((_options.Epochs - Number + 1) * _batches - _batch) * _options.BatchSize;
        _progress?.Report(new TrainingProgress(Number, _options.Epochs, _batch, _batches, cost, speed, TimeSpan.FromSeconds(left / speed), completed));
    }
}
