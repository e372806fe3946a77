using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Models;

/// <summary>
/// Computes what a <see cref="Sequential"/> does, with neighbouring layers swapped or taken together where that is the
/// same function in fewer passes: a convolution of one channel with ReLU and pooling, ReLU after pooling, a convolution to one channel.
/// </summary>
/// <remarks>Layers that are taken together are not called one by one, so their forward hooks stay silent.</remarks>
public sealed class LayerChain
{
    [ThreadStatic]
    private static bool _oneByOne;

    private readonly Sequential _layers;
    private readonly bool _combine;
    private readonly List<Func<Tensor, Tensor>> _steps = [];

    /// <summary>Plans the passes over some layers, which stay the owners of their weights.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="combine">Whether to swap and combine them; otherwise each is called as it stands.</param>
    public LayerChain(Sequential layers, bool combine = true)
    {
        _layers = layers;
        _combine = combine;
        var rest = new Queue<nn.Module<Tensor, Tensor>>(layers.children().Cast<nn.Module<Tensor, Tensor>>());
        while (rest.TryDequeue(out var layer))
        {
            _steps.Add(Step(layer, rest));
        }
    }

    /// <summary>Runs something in which every layer is called by itself, on this thread: for those who listen to its hooks.</summary>
    internal static T OneByOne<T>(Func<T> run)
    {
        _oneByOne = true;
        try
        {
            return run();
        }
        finally
        {
            _oneByOne = false;
        }
    }

    /// <summary>Runs the layers, with the result and the gradients of <c>layers.call</c> but for rounding.</summary>
    /// <param name="input">What the first layer takes.</param>
    /// <returns>What the last one gives.</returns>
    public Tensor Call(Tensor input)
    {
        if (_oneByOne || !_combine)
        {
            return _layers.call(input);
        }

        var x = input;
        foreach (var step in _steps)
        {
            var next = step(x);
            if (!ReferenceEquals(x, input) && !ReferenceEquals(x, next))
            {
                x.Dispose();
            }

            x = next;
        }

        return x;
    }

    private static Func<Tensor, Tensor> Step(nn.Module<Tensor, Tensor> layer, Queue<nn.Module<Tensor, Tensor>> rest)
    {
        rest.TryPeek(out var next);
        switch (layer, next)
        {
            case (Conv2d first, ReLU relu) when rest.ElementAtOrDefault(1) is MaxPool2d pool && PooledConvolution.Fits(first, pool):
                rest.Dequeue();
                rest.Dequeue();
                return x =>
                {
                    if (PooledConvolution.Fits(x, first))
                    {
                        return PooledConvolution.Apply(x, first);
                    }

                    using var drawn = first.call(x);
                    return PoolFirst(drawn, relu, pool);
                };
            case (ReLU relu, MaxPool2d pool):
                rest.Dequeue();
                return x => PoolFirst(x, relu, pool);
            case (Upsample doubling, Conv2d narrow) when NarrowConvolution.Doubles(doubling) && NarrowConvolution.Fits(narrow):
                rest.Dequeue();
                return x => NarrowConvolution.ApplyDoubled(x, narrow);
            case (Conv2d narrow, _) when NarrowConvolution.Fits(narrow):
                return x => NarrowConvolution.Apply(x, narrow);
            default:
                return layer.call;
        }
    }

    private static Tensor PoolFirst(Tensor x, ReLU relu, MaxPool2d pool)
    {
        using var pooled = pool.call(x);
        return relu.call(pooled);
    }
}
