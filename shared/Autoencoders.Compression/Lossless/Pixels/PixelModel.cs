using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>
/// Predicts each pixel from those before it, in integers: a small network whose probabilities are the same wherever and however
/// it runs. The range coder of chapter 05 writes the decisions.
/// </summary>
/// <remarks>
/// A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu, "Pixel recurrent neural networks", ICML 2016 (pixels after pixels); a grey level
/// as decisions bit by bit, as in M. Mahoney's PAQ.
/// </remarks>
internal sealed class PixelModel : LosslessModel
{
    private const int Side = PixelHistory.Side, Pixels = Side * Side, LevelBits = 8;

    // Activations are in units of 1/128 and weights of 1/1024, as in IntegerLayer; the window's numbers are in units of 1/256.
    private const int WeightUnit = 1 << IntegerLayer.WeightBits, ActivationUnit = 128, FirstShift = IntegerLayer.WeightBits + 1;
    private const string ShapeName = "pixels.shape", PlacesName = "pixels.places", Dense1 = "pixels.dense1", Dense2 = "pixels.dense2", Bias2 = "pixels.bias2";
    private const string Dense3 = "pixels.dense3", Bias3 = "pixels.bias3", Out = "pixels.out", OutBias = "pixels.out_bias";

    private readonly PixelShape _shape;
    private readonly IntegerDense _first, _second, _third;
    private readonly IntegerOutputs _out;
    private readonly int[] _places, _bias2, _bias3;

    /// <summary>Prepares the weights for use.</summary>
    /// <exception cref="ArgumentException">They do not fit together, or some image could make a sum overflow.</exception>
    public PixelModel(LosslessWeights weights)
    {
        Weights = weights;
        weights.CheckNames([ShapeName, PlacesName, Dense1, Dense2, Bias2, Dense3, Bias3, Out, OutBias]);
        var shape = weights.Get<int>(ShapeName, 4);
        _shape = new PixelShape(shape[0], shape[1], shape[2], shape[3]);
        _shape.Check();
        var (hidden, hidden2) = (_shape.Hidden, _shape.Hidden2);
        var half = 1 << (FirstShift - 1);
        // In the units of the sums; a half more at the first place, so that shifting rounds to the nearest.
        _places = [.. weights.Get<short>(PlacesName, PixelHistory.Places * hidden).Select((value, i) => value * PixelHistory.Unit + (i < Side * hidden ? half : 0))];
        _bias2 = Rounding(weights.Get<int>(Bias2, hidden2));
        _bias3 = Rounding(weights.Get<int>(Bias3, PixelShape.Hidden3));
        _first = new IntegerDense(weights.Get<short>(Dense1, _shape.Inputs * hidden), hidden, PixelHistory.Unit, LargestPlaces);
        _second = new IntegerDense(weights.Get<short>(Dense2, hidden * hidden2), hidden2, IntegerLayer.LargestActivation, output => Math.Abs((long)_bias2[output]));
        _third = new IntegerDense(weights.Get<short>(Dense3, hidden2 * PixelShape.Hidden3), PixelShape.Hidden3, IntegerLayer.LargestActivation, output => Math.Abs((long)_bias3[output]));
        _out = new IntegerOutputs(weights.Get<short>(Out, PixelShape.Nodes * PixelShape.Hidden3), weights.Get<int>(OutBias, PixelShape.Nodes));
    }

    public override LosslessWeights Weights { get; }

    public override int DefaultGroupSize => ImageCodec.DefaultGroupSize;

    /// <summary>A trained network in integers.</summary>
    /// <exception cref="ArgumentException">The weights are not finite, or grew so large that sums could overflow.</exception>
    public static PixelModel From(PixelNetwork network)
    {
        using var scope = NewDisposeScope();
        var (shape, weights, values) = (network.Shape, new LosslessWeights(), network.state_dict());
        weights.Add(ShapeName, shape.Rows, shape.Columns, shape.Hidden, shape.Hidden2);
        weights.Add<short>(PlacesName, values["places.weight"], WeightUnit);
        weights.Add<short>(Dense1, values["dense1.weight"], WeightUnit);
        Dense(Dense2, Bias2, "dense2");
        Dense(Dense3, Bias3, "dense3");
        Dense(Out, OutBias, "out");
        return new PixelModel(weights);

        void Dense(string weight, string bias, string layer)
        {
            weights.Add<short>(weight, values[$"{layer}.weight"], WeightUnit);
            weights.Add<int>(bias, values[$"{layer}.bias"], WeightUnit * ActivationUnit);
        }
    }

    public override (byte[] Bytes, long Bits) Encode(ReadOnlySpan<byte> pixels)
    {
        var (encoder, state) = (new RangeEncoder(), new State(_shape));
        for (var i = 0; i < pixels.Length; i++)
        {
            var hidden = Predict(state, i);
            var value = pixels[i];
            Encode(encoder, hidden, 0, value != 0);
            for (var bit = 0; bit < LevelBits && value != 0; bit++)
            {
                Encode(encoder, hidden, (1 << bit) + (value >> (LevelBits - bit)), ((value >> (LevelBits - 1 - bit)) & 1) != 0);
            }

            state.History.Take(value);
        }

        encoder.EndCodeword();
        return (encoder.ToBytes(), encoder.BitCount);
    }

    public override bool Decode(CompressedImages file, int group, Span<byte> pixels)
    {
        var (decoder, state) = (file.DecoderOf(group), new State(_shape));
        for (var i = 0; i < pixels.Length; i++)
        {
            var hidden = Predict(state, i);
            var value = 0;
            if (Decode(ref decoder, hidden, 0))
            {
                var node = 1;
                while (node < PixelShape.Nodes)
                {
                    node = 2 * node + (Decode(ref decoder, hidden, node) ? 1 : 0);
                }

                value = node - PixelShape.Nodes;
            }

            pixels[i] = (byte)value;
            state.History.Take((byte)value);
        }

        return pixels.Length < file.ImagesIn(group) * Pixels || decoder.EndCodeword() == file.GroupStart(group + 1);
    }

    private void Encode(RangeEncoder encoder, Vector512<short> hidden, int node, bool bit)
    {
        uint probability = Logistic.Probability(_out.Sum(hidden, node));
        encoder.Encode(bit ? RangeEncoder.Total - probability : 0, bit ? probability : RangeEncoder.Total - probability);
    }

    private bool Decode(ref RangeDecoder decoder, Vector512<short> hidden, int node)
    {
        uint probability = Logistic.Probability(_out.Sum(hidden, node));
        var bit = decoder.IsAtLeast(RangeEncoder.Total - probability);
        decoder.Consume(bit ? RangeEncoder.Total - probability : 0, bit ? probability : RangeEncoder.Total - probability);
        return bit;
    }

    // The last hidden layer for the next pixel.
    private Vector512<short> Predict(State state, int pixel)
    {
        if (pixel % Pixels == 0)
        {
            state.History.Start();
        }

        Span<int> places = stackalloc int[PixelHistory.PlaceIndices];
        state.History.CopyPlaces(places);
        Span<int> sums = state.Sums;
        sums.Clear();
        foreach (var place in places)
        {
            Add(_places.AsSpan(place * _shape.Hidden, _shape.Hidden), sums);
        }

        if (state.History.SeesInk)
        {
            state.History.CopyWindow(state.Inputs);
            _first.AddTo(state.Inputs, sums);
        }

        Int16Vectors.Rectify(sums, state.Activations, FirstShift, IntegerLayer.LargestActivation);
        _bias2.CopyTo(state.Sums2, 0);
        _second.AddTo(state.Activations, state.Sums2);
        Int16Vectors.Rectify(state.Sums2, state.Activations2, IntegerLayer.WeightBits, IntegerLayer.LargestActivation);
        _bias3.CopyTo(state.Sums3, 0);
        _third.AddTo(state.Activations2, state.Sums3);
        Int16Vectors.Rectify(state.Sums3, state.Activations3, IntegerLayer.WeightBits, IntegerLayer.LargestActivation);
        return Vector512.LoadUnsafe(ref state.Activations3[0]);
    }

    private static void Add(ReadOnlySpan<int> numbers, Span<int> sums)
    {
        ref var number = ref MemoryMarshal.GetReference(numbers);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)Vector512<int>.Count)
        {
            (Vector512.LoadUnsafe(ref sum, i) + Vector512.LoadUnsafe(ref number, i)).StoreUnsafe(ref sum, i);
        }
    }

    // Any of the rows of the table may come together, as far as this bound goes.
    private long LargestPlaces(int output)
    {
        var largest = 0L;
        for (var place = 0; place < PixelHistory.Places; place++)
        {
            largest = Math.Max(largest, Math.Abs((long)_places[place * _shape.Hidden + output]));
        }

        return largest * PixelHistory.PlaceIndices;
    }

    private static int[] Rounding(int[] bias)
    {
        const int half = 1 << (IntegerLayer.WeightBits - 1);
        return Array.TrueForAll(bias, value => Math.Abs((long)value) <= int.MaxValue - half)
            ? Array.ConvertAll(bias, value => value + half)
            : throw new ArgumentException("A bias is so large that a sum could overflow.", nameof(bias));
    }

    // One thread's working memory.
    private sealed class State(PixelShape shape)
    {
        public readonly PixelHistory History = new(shape);
        public readonly short[] Inputs = new short[shape.Inputs], Activations = new short[shape.Hidden], Activations2 = new short[shape.Hidden2], Activations3 = new short[PixelShape.Hidden3];
        public readonly int[] Sums = new int[shape.Hidden], Sums2 = new int[shape.Hidden2], Sums3 = new int[PixelShape.Hidden3];
    }
}
