using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// Runs a model on the shards of a batch, several at a time. The shards are added up in their order, so that neither the
/// number of threads that compute them nor a busy machine changes a single bit.
/// </summary>
internal sealed class ParallelModel : IDisposable
{
    // Large enough to be worth a call; small enough to stay near a core, and to let other threads help a slow one.
    private const int SmallestShard = 8, LargestShard = 64, EvaluationShard = 100;
    private const int WholeEvaluation = 1000;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Loss _loss;
    private readonly WorkerThreads? _workers;
    private readonly int? _shardSize;
    private readonly int _threads = get_num_threads();

    /// <param name="model">From images to logits.</param>
    /// <param name="loss">What is measured.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="shardSize">As in <see cref="TrainingOptions.ShardSize"/>.</param>
    public ParallelModel(nn.Module<Tensor, Tensor> model, Loss loss, Device device, int? shardSize = null)
    {
        (_model, _loss, _shardSize) = (model, loss, shardSize);
        if (shardSize > 0 || (shardSize is null && device.type == DeviceType.CPU && EachImageByItself(model)))
        {
            _workers = new WorkerThreads(_threads);
        }
    }

    /// <summary>Computes the mean loss of a batch and its gradient.</summary>
    /// <param name="parameters">What to take the gradient for.</param>
    /// <param name="input">(N, 1, H, W), what the model is shown.</param>
    /// <param name="images">(N, 1, H, W), what it should draw.</param>
    /// <returns>(P + 1): the gradient, and behind it the loss, in the caller's dispose scope.</returns>
    public Tensor Gradient(FlatParameters parameters, Tensor input, Tensor images)
    {
        using var step = NewDisposeScope();
        var each = parameters.Each;
        var parts = OverShards(step, (int)images.shape[0], TrainingShard((int)images.shape[0]), shard =>
        {
            var loss = Loss(input[shard], images[shard], images.shape[0]);
            return parameters.Flatten(autograd.grad([loss], each, allow_unused: true).Select(ZeroIfUnused), loss.detach());
        });
        foreach (var part in parts.Skip(1))
        {
            parts[0].add_(part, Models.Factors.One);
        }

        return parts[0].MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss on images given as bytes, in evaluation mode.</summary>
    /// <param name="bytes">(N, 1, H, W), unsigned bytes.</param>
    public double Evaluate(Tensor bytes)
    {
        using var scope = NewDisposeScope();
        var wasTraining = _model.training;
        _model.eval();
        var losses = OverShards(scope, (int)bytes.shape[0], _workers is null ? WholeEvaluation : EvaluationShard, shard =>
        {
            using var noGradients = no_grad();
            var images = Trainer.ToPixels(bytes[shard]);
            return Loss(images, images, bytes.shape[0]).to(float64);
        });
        _model.train(wasTraining);
        return stack(losses).sum().ToDouble();
    }

    public void Dispose() => _workers?.Dispose();

    private int TrainingShard(int batch) => _workers is null ? int.MaxValue : _shardSize ?? Math.Clamp(batch / _threads, SmallestShard, LargestShard);

    // What a shard adds to the mean loss of its batch.
    private Tensor Loss(Tensor input, Tensor images, long batchSize)
    {
        using Scalar share = (double)images.shape[0] / batchSize;
        return _loss.Of(_model.call(input), images).mul(share);
    }

    // The results in the order of the shards, in the scope.
    private Tensor[] OverShards(DisposeScope scope, int count, int size, Func<TensorIndex, Tensor> compute)
    {
        size = Math.Clamp(size, 1, Math.Max(1, count));
        var results = new Tensor[(count + size - 1) / size];
        Action<int> shard = i =>
        {
            using var inner = NewDisposeScope();
            results[i] = compute(TensorIndex.Slice(i * size, Math.Min((i + 1) * size, count))).DetachFromDisposeScope();
        };
        if (_workers is { } workers)
        {
            workers.ForEach(results.Length, shard);
        }
        else
        {
            Array.ForEach([.. Enumerable.Range(0, results.Length)], shard);
        }

        Array.ForEach(results, result => scope.Attach(result));
        return results;
    }

    private static Tensor? ZeroIfUnused(Tensor? gradient) => gradient is null || gradient.IsInvalid ? null : gradient;

    // Not so with layers that look at the whole batch or draw random numbers.
    private static bool EachImageByItself(nn.Module model) =>
        !model.modules().Any(m => m is BatchNorm1d or BatchNorm2d or BatchNorm3d or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout);
}
