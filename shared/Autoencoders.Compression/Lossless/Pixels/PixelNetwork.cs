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
    private const int Bytes = 8, EmptyPart = 8;

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
        var hidden = Hidden(pixels);
        var (dense, ink) = (_layers.Out, tensor(CollectionsMarshal.AsSpan(pixels.Ink).ToArray()));
        var isInk = hidden.matmul(dense.weight![0]).Plus(dense.bias![0]);
        var bits = functional.softplus(isInk * tensor(CollectionsMarshal.AsSpan(pixels.Signs).ToArray())).dot(tensor(CollectionsMarshal.AsSpan(pixels.Weights).ToArray()));
        if (pixels.Ink.Count > 0)
        {
            var logits = dense.call(hidden.index_select(0, ink)).gather(1, tensor(CollectionsMarshal.AsSpan(pixels.Nodes).ToArray()).reshape(-1, Bytes));
            var signs = tensor(CollectionsMarshal.AsSpan(pixels.NodeSigns).ToArray()).reshape(-1, Bytes);
            var weights = tensor(CollectionsMarshal.AsSpan(pixels.Weights).ToArray()).index_select(0, ink);
            bits = bits.Plus(functional.softplus(logits * signs).sum(1).dot(weights));
        }

        return bits.Times(1 / Math.Log(2)).MoveToOuterDisposeScope();
    }

    private Tensor Hidden(Batch pixels)
    {
        var window = tensor(CollectionsMarshal.AsSpan(pixels.Inputs).ToArray()).reshape(-1, Shape.Inputs).to(ScalarType.Float32).Times(1.0 / PixelHistory.Unit);
        var places = tensor(CollectionsMarshal.AsSpan(pixels.Places).ToArray()).reshape(-1, PixelHistory.PlaceIndices).to(ScalarType.Int64);
        var x = _layers.Dense1.call(window);
        x = x.Plus(_layers.Places.call(places, null, null));
        x = functional.relu(_layers.Dense2.call(functional.relu(x, inplace: true)), inplace: true);
        return functional.relu(_layers.Dense3.call(x), inplace: true);
    }

    // Every pixel whose window has ink, and of the others, which are many and alike, a part chosen by chance, which counts for all.
    private Batch Pixels(Tensor images, Tensor chance, bool training)
    {
        var (batch, history) = (new Batch(), new PixelHistory(Shape));
        var (bytes, chances) = (images.contiguous().bytes.ToArray(), MemoryMarshal.Cast<byte, float>(chance.contiguous().bytes).ToArray());
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i % (PixelHistory.Side * PixelHistory.Side) == 0)
            {
                history.Start();
            }

            var sees = !training || history.SeesInk;
            if (sees || chances[i] < 1.0 / EmptyPart)
            {
                batch.Add(history, Shape, bytes[i], sees ? 1 : EmptyPart);
            }

            history.Take(bytes[i]);
        }

        return batch;
    }

    private sealed class Batch
    {
        public readonly List<short> Inputs = [];
        public readonly List<int> Places = [];
        public readonly List<float> Weights = [], Signs = [], NodeSigns = [];
        public readonly List<long> Ink = [], Nodes = [];

        public void Add(PixelHistory history, PixelShape shape, byte value, float weight)
        {
            CollectionsMarshal.SetCount(Inputs, Inputs.Count + shape.Inputs);
            history.CopyWindow(CollectionsMarshal.AsSpan(Inputs)[^shape.Inputs..]);
            CollectionsMarshal.SetCount(Places, Places.Count + PixelHistory.PlaceIndices);
            history.CopyPlaces(CollectionsMarshal.AsSpan(Places)[^PixelHistory.PlaceIndices..]);
            if (value != 0)
            {
                Ink.Add(Weights.Count);
                for (var bit = 0; bit < Bytes; bit++)
                {
                    Nodes.Add((1 << bit) + (value >> (Bytes - bit)));
                    NodeSigns.Add(1 - 2 * ((value >> (Bytes - 1 - bit)) & 1));
                }
            }

            Weights.Add(weight);
            Signs.Add(value == 0 ? 1 : -1);
        }
    }
}
