using Autoencoders.Models;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// Cuts a batch into shards and computes several at a time. What they give is added up in their order, so that neither the
/// number of threads that compute them nor a busy machine changes a single bit.
/// </summary>
/// <param name="parallel">Whether threads share the shards; otherwise the calling thread computes one after the other.</param>
internal sealed class Shards(bool parallel) : IDisposable
{
    // Large enough to be worth a call; small enough to stay near a core, and to let other threads help a slow one.
    private const int Smallest = 8, Largest = 64;

    private readonly WorkerThreads? _workers = parallel ? new WorkerThreads(TorchRuntime.Workers) : null;

    /// <summary>How many images make a shard that suits a batch of so many on this machine.</summary>
    public static int SizeFor(int batch) => SizeFor(batch, TorchRuntime.Cores);

    /// <summary>How many images make a shard that suits a batch of so many for a number of threads.</summary>
    public static int SizeFor(int batch, int threads) => Math.Clamp(batch / threads, Smallest, Largest);

    /// <summary>Adds up what <paramref name="compute"/> gives for each shard.</summary>
    /// <param name="count">All images: at least one.</param>
    /// <param name="size">The images of a shard; the last may have fewer.</param>
    /// <param name="compute">From a range of images to a new tensor; it runs on any of the threads.</param>
    /// <param name="stop">Asked before each shard; null where nothing stops.</param>
    /// <returns>The sum, in the caller's dispose scope; null where it was stopped.</returns>
    public Tensor? Sum(int count, int size, Func<TensorIndex, Tensor> compute, Func<bool>? stop = null)
    {
        using var scope = NewDisposeScope();
        size = Math.Clamp(size, 1, count);
        var parts = new Tensor?[(count + size - 1) / size];
        try
        {
            ForEach(parts.Length, i =>
            {
                using var inner = NewDisposeScope();
                parts[i] = stop?.Invoke() == true ? null : compute(TensorIndex.Slice(i * size, Math.Min((i + 1) * size, count))).DetachFromDisposeScope();
            });
        }
        finally
        {
            scope.Attach(parts.OfType<Tensor>());
        }

        return Array.TrueForAll(parts, part => part is not null)
            ? parts.Aggregate((sum, part) => sum!.add_(part!, Factors.One))!.MoveToOuterDisposeScope()
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _workers?.Dispose();

    private void ForEach(int pieces, Action<int> work)
    {
        if (_workers is { } workers)
        {
            workers.ForEach(pieces, work);
        }
        else
        {
            for (var i = 0; i < pieces; i++)
            {
                work(i);
            }
        }
    }
}
