using System.Runtime.InteropServices;
using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>
/// Predicts each pixel of an image from those before it, as it is trained, in floating point. A pixel is up to nine decisions
/// between two: whether there is ink, and then bit by bit which of the grey levels.
/// </summary>
/// <remarks>PixelModel is the same in integers, which files are written with.</remarks>
public sealed class PixelNetwork : LosslessNetwork
{
    private const int LevelBits = 8, FarPart = 4, EmptyPart = 12;

    // One for each thread, because they are megabytes.
    private readonly ThreadLocal<PixelBatch> _batch = new(() => new PixelBatch());

    // In a tuple, because TorchSharp would register fields of its own accord a second time, under the fields' names.
    private readonly (EmbeddingBag Places, Linear Dense1, Linear Dense2, Linear Dense3, Linear Out) _layers;

    /// <summary>Builds the network with freshly drawn weights.</summary>
    /// <param name="shape">Its measures.</param>
    /// <param name="seed">Seeds the weights, and with them torch's global random state.</param>
    /// <exception cref="ArgumentException">A measure is out of bounds.</exception>
    public PixelNetwork(PixelShape shape, int seed = 42)
        : base("pixels")
    {
        shape.Check();
        TorchRuntime.Initialize();
        manual_seed(seed);
        Shape = shape;
        _layers = (
            EmbeddingBag(PixelHistory.Places, shape.Hidden, mode: EmbeddingBagMode.Sum),  // (M, Hidden)
            Linear(shape.Inputs, shape.Hidden, hasBias: false),                       // (M, Hidden)
            Linear(shape.Hidden, shape.Hidden2),                                      // (M, Hidden2)
            Linear(shape.Hidden2, PixelShape.Hidden3),                                // (M, 32)
            Linear(PixelShape.Hidden3, PixelShape.Nodes));                            // (M, 256)
        using (no_grad())
        {
            _layers.Places.weight!.zero_();
        }

        register_module("places", _layers.Places);
        register_module("dense1", _layers.Dense1);
        register_module("dense2", _layers.Dense2);
        register_module("dense3", _layers.Dense3);
        register_module("out", _layers.Out);
    }

    /// <summary>The measures of the network.</summary>
    public PixelShape Shape { get; }

    internal override long[] ChanceShape => [PixelHistory.Side * PixelHistory.Side];

    internal override Tensor Bits(Tensor images, Tensor chance, bool training)
    {
        using var scope = NewDisposeScope();
        var pixels = Pixels(images, chance, training);
        var (hidden, dense, weights, ink) = (Hidden(pixels), _layers.Out, ToTensor(pixels.Weights), ToTensor(pixels.Ink));
        var isInk = hidden.matmul(dense.weight![0]).Plus(dense.bias![0]);
        var nats = functional.softplus(isInk * ToTensor(pixels.Signs)).dot(weights);
        var logits = dense.call(hidden.index_select(0, ink)).gather(1, ToTensor(pixels.Nodes).reshape(pixels.Ink.Count, LevelBits));
        var levels = functional.softplus(logits * ToTensor(pixels.NodeSigns).reshape(pixels.Ink.Count, LevelBits)).sum(1);
        return nats.Plus(levels.dot(weights.index_select(0, ink))).Times(1 / Math.Log(2)).MoveToOuterDisposeScope();
    }

    private static Tensor ToTensor<T>(List<T> numbers)
        where T : unmanaged
    {
        var tensor = empty(numbers.Count, default(T) switch { short => ScalarType.Int16, float => ScalarType.Float32, _ => ScalarType.Int64 });
        CollectionsMarshal.AsSpan(numbers).CopyTo(MemoryMarshal.Cast<byte, T>(tensor.bytes));
        return tensor;
    }

    private Tensor Hidden(PixelBatch pixels)
    {
        var window = ToTensor(pixels.Inputs).reshape(-1, Shape.Inputs).to(ScalarType.Float32).Times(1.0 / PixelHistory.Unit);
        var x = _layers.Dense1.call(window).Plus(_layers.Places.call(ToTensor(pixels.Places).reshape(-1, PixelHistory.PlaceIndices), null, null));
        x = functional.relu(_layers.Dense2.call(functional.relu(x, inplace: true)), inplace: true);
        return functional.relu(_layers.Dense3.call(x), inplace: true);
    }

    // Every pixel with ink near by, and of the others, which are many and alike, a part chosen by chance, which counts for all.
    private PixelBatch Pixels(Tensor images, Tensor chance, bool training)
    {
        var (batch, history) = (_batch.Value!, new PixelHistory(Shape));
        var (bytes, chances) = (images.contiguous().bytes.ToArray(), MemoryMarshal.Cast<byte, float>(chance.contiguous().bytes).ToArray());
        batch.Clear();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i % (PixelHistory.Side * PixelHistory.Side) == 0)
            {
                history.Start();
            }

            var standsFor = !training || history.SeesInkNear ? 1 : history.SeesInk ? FarPart : EmptyPart;
            if (chances[i] * standsFor < 1)
            {
                batch.Add(history, Shape, bytes[i], standsFor);
            }

            history.Take(bytes[i]);
        }

        return batch;
    }
}
