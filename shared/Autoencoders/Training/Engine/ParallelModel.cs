using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>Runs a model on the <see cref="Shards"/> of a batch, several at a time where each image stands for itself.</summary>
internal sealed class ParallelModel : IDisposable
{
    private const int EvaluationShard = 100, WholeEvaluation = 1000;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Loss _loss;
    private readonly int? _shardSize;
    private readonly bool _parallel;
    private readonly Shards _shards;
    private readonly Gradients _gradients;

    /// <param name="model">From images to logits.</param>
    /// <param name="loss">What is measured.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="shardSize">As in <see cref="TrainingOptions.ShardSize"/>.</param>
    public ParallelModel(nn.Module<Tensor, Tensor> model, Loss loss, Device device, int? shardSize = null)
    {
        (_model, _loss, _shardSize) = (model, loss, shardSize);
        _parallel = shardSize > 0 || (shardSize is null && device.type == DeviceType.CPU && EachImageByItself(model));
        _gradients = new Gradients(model.GetName());
        _shards = new Shards(_parallel);
    }

    /// <summary>For how many threads batches are cut, where no size of shards was asked for: as many as there are, or were when the run began.</summary>
    public int Threads { get; set; } = TorchRuntime.Cores;

    /// <summary>Computes the mean loss of a batch and its gradient.</summary>
    /// <param name="parameters">What to take the gradient for.</param>
    /// <param name="input">(N, 1, H, W), what the model is shown.</param>
    /// <param name="images">(N, 1, H, W), what it should draw.</param>
    /// <returns>(P + 1): the gradient, and behind it the loss, in the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The model does not give logits of the images' shape.</exception>
    /// <exception cref="InvalidOperationException">The model cannot compute these images, or its loss has no gradient; the message says why.</exception>
    public Tensor Gradient(FlatParameters parameters, Tensor input, Tensor images)
    {
        var (count, each) = ((int)images.shape[0], parameters.Each);
        var gradient = _shards.Sum(count, TrainingShard(count), shard =>
        {
            var loss = Loss(input[shard], images[shard], count);
            return parameters.Flatten(_gradients.Of(loss, each), loss.detach());
        })!;
        _gradients.BatchDone();
        return gradient;
    }

    /// <summary>The mean loss on images given as bytes, in evaluation mode.</summary>
    /// <param name="bytes">(N, 1, H, W), unsigned bytes: at least one image.</param>
    /// <param name="stop">Asked every now and then; null where nothing stops.</param>
    /// <returns>Null where it was stopped.</returns>
    /// <exception cref="ArgumentException">The model does not give logits of the images' shape.</exception>
    /// <exception cref="InvalidOperationException">The model cannot compute these images.</exception>
    public double? Evaluate(Tensor bytes, Func<bool>? stop = null)
    {
        using var scope = NewDisposeScope();
        var (count, wasTraining) = ((int)bytes.shape[0], _model.training);
        _model.eval();
        try
        {
            return _shards.Sum(count, _parallel ? EvaluationShard : WholeEvaluation, shard =>
            {
                using var noGradients = no_grad();
                var images = Trainer.ToPixels(bytes[shard]);
                return Loss(images, images, count).to(float64);
            }, stop)?.ToDouble();
        }
        finally
        {
            _model.train(wasTraining);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.Dispose();

    private int TrainingShard(int batch) => !_parallel ? int.MaxValue : _shardSize ?? Shards.SizeFor(batch, Threads);

    // What a shard adds to the mean loss of its batch.
    private Tensor Loss(Tensor input, Tensor images, long batchSize)
    {
        using Scalar share = (double)images.shape[0] / batchSize;
        return _loss.Of(Logits(input, images), images).mul(share);
    }

    private Tensor Logits(Tensor input, Tensor images)
    {
        try
        {
            var logits = _model.call(input);
            return logits.shape.SequenceEqual(images.shape) && logits.is_floating_point() && logits.device_type == images.device_type
                ? logits
                : throw new ArgumentException($"{_model.GetName()} must give a logit for each pixel of images {Describe(images)}, and gives {Describe(logits)}: images of another size, or another model.");
        }
        catch (ExternalException e)
        {
            var failure = NativeFailure.Short(e);
            throw new InvalidOperationException($"{_model.GetName()} cannot compute images {Describe(input)}: {failure.Message}", failure);
        }
    }

    private static string Describe(Tensor tensor) => $"({string.Join(", ", tensor.shape)}) of {tensor.dtype} on {tensor.device_type}";

    // Not so with layers that look at the whole batch or draw random numbers.
    private static bool EachImageByItself(nn.Module model) =>
        !model.modules().Any(m => m is BatchNorm1d or BatchNorm2d or BatchNorm3d or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout);
}
