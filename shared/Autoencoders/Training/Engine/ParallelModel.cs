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

    /// <param name="model">From images to logits.</param>
    /// <param name="loss">What is measured.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="shardSize">As in <see cref="TrainingOptions.ShardSize"/>.</param>
    public ParallelModel(nn.Module<Tensor, Tensor> model, Loss loss, Device device, int? shardSize = null)
    {
        (_model, _loss, _shardSize) = (model, loss, shardSize);
        _parallel = shardSize > 0 || (shardSize is null && device.type == DeviceType.CPU && EachImageByItself(model));
        _shards = new Shards(_parallel);
    }

    /// <summary>Computes the mean loss of a batch and its gradient.</summary>
    /// <param name="parameters">What to take the gradient for.</param>
    /// <param name="input">(N, 1, H, W), what the model is shown.</param>
    /// <param name="images">(N, 1, H, W), what it should draw.</param>
    /// <returns>(P + 1): the gradient, and behind it the loss, in the caller's dispose scope.</returns>
    public Tensor Gradient(FlatParameters parameters, Tensor input, Tensor images)
    {
        var (count, each) = ((int)images.shape[0], parameters.Each);
        return _shards.Sum(count, TrainingShard(count), shard =>
        {
            var loss = Loss(input[shard], images[shard], count);
            return parameters.Flatten(autograd.grad([loss], each, allow_unused: true).Select(ZeroIfUnused), loss.detach());
        })!;
    }

    /// <summary>The mean loss on images given as bytes, in evaluation mode.</summary>
    /// <param name="bytes">(N, 1, H, W), unsigned bytes: at least one image.</param>
    /// <param name="stop">Asked every now and then; null where nothing stops.</param>
    /// <returns>Null where it was stopped.</returns>
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

    private int TrainingShard(int batch) => !_parallel ? int.MaxValue : _shardSize ?? Shards.SizeFor(batch);

    // What a shard adds to the mean loss of its batch.
    private Tensor Loss(Tensor input, Tensor images, long batchSize)
    {
        using Scalar share = (double)images.shape[0] / batchSize;
        return _loss.Of(_model.call(input), images).mul(share);
    }

    private static Tensor? ZeroIfUnused(Tensor? gradient) => gradient is null || gradient.IsInvalid ? null : gradient;

    // Not so with layers that look at the whole batch or draw random numbers.
    private static bool EachImageByItself(nn.Module model) =>
        !model.modules().Any(m => m is BatchNorm1d or BatchNorm2d or BatchNorm3d or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout);
}
