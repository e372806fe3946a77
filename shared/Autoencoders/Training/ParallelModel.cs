using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// Runs a model on the shards of a batch, several at a time. The shards are the same however many threads there are and
/// are added up in their order, so that neither the number of threads nor a busy machine changes a single bit.
/// </summary>
internal sealed class ParallelModel : IDisposable
{
    // Small enough to share a batch out evenly and to stay in a core's cache, large enough to be worth a call.
    private const int TrainingShard = 16, EvaluationShard = 100;

    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly Loss _loss;
    private readonly List<Parameter> _parameters;
    private readonly WorkerThreads _workers;
    private readonly bool _onCpu;

    public ParallelModel(nn.Module<Tensor, Tensor> model, Loss loss, Device device)
    {
        (_model, _loss, _parameters) = (model, loss, [.. model.parameters()]);
        _onCpu = device.type == DeviceType.CPU;
        _workers = new WorkerThreads(_onCpu ? get_num_threads() : 1);
    }

    /// <summary>Computes the loss of a batch and the gradient of every parameter, which replaces the one before.</summary>
    /// <param name="input">(N, 1, H, W), what the model is shown.</param>
    /// <param name="images">(N, 1, H, W), what it should draw.</param>
    /// <returns>The mean loss, a scalar in the caller's dispose scope.</returns>
    public Tensor Backward(Tensor input, Tensor images)
    {
        using var step = NewDisposeScope();
        var shards = Shards((int)images.shape[0], TrainingShard);
        var parts = new List<Tensor>[shards.Count];
        _workers.ForEach(shards.Count, i =>
        {
            using var scope = NewDisposeScope();
            var loss = Loss(input[shards[i]], images[shards[i]], images.shape[0]);
            parts[i] = [.. autograd.grad([loss], _parameters.ToArray<Tensor>()).Prepend(loss.detach()).Select(t => t.DetachFromDisposeScope())];
        });
        Array.ForEach(parts, part => step.Attach(part));
        var sum = Sum(parts);
        for (var i = 0; i < _parameters.Count; i++)
        {
            _parameters[i].grad = sum[i + 1];
        }

        return sum[0].MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss on images given as bytes, in evaluation mode.</summary>
    /// <param name="bytes">(N, 1, H, W), unsigned bytes.</param>
    public double Evaluate(Tensor bytes)
    {
        var wasTraining = _model.training;
        _model.eval();
        var shards = Shards((int)bytes.shape[0], EvaluationShard);
        var losses = new double[shards.Count];
        _workers.ForEach(shards.Count, i =>
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var images = Trainer.ToPixels(bytes[shards[i]]);
            losses[i] = Loss(images, images, bytes.shape[0]).ToDouble();
        });
        _model.train(wasTraining);
        return losses.Sum();
    }

    public void Dispose() => _workers.Dispose();

    /// <summary>What a shard adds to the mean loss of its batch.</summary>
    private Tensor Loss(Tensor input, Tensor images, long batchSize) =>
        _loss.Of(_model.call(input), images) * ((double)images.shape[0] / batchSize);

    private List<TensorIndex> Shards(int count, int size)
    {
        size = _onCpu ? size : count;
        return [.. Enumerable.Range(0, (count + size - 1) / size).Select(i => TensorIndex.Slice(i * size, Math.Min((i + 1) * size, count)))];
    }

    private static List<Tensor> Sum(List<Tensor>[] parts)
    {
        foreach (var part in parts.Skip(1))
        {
            for (var i = 0; i < part.Count; i++)
            {
                parts[0][i].add_(part[i]);
            }
        }

        return parts[0];
    }
}
