using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>
/// Writes images by way of latent variables, in integers: a sample of them is <em>popped</em> off what the images before have left on
/// the stack, the image is pushed given that sample, and the sample by its prior. The reader undoes it all, and so gets the popped bits back.
/// </summary>
internal sealed class VaeModel : LosslessModel
{
    private const int Side = PixelHistory.Side, Pixels = Side * Side, Cells = VaeShape.Cells, CellSide = 7, CellPixels = VaeShape.CellPixels, PixelParameters = VaeShape.PixelParameters;

    // Latents are numbers of pieces of the axis that are equally probable by the prior; the decoder's input is in units of 2^-8.
    private const int LatentBits = 12, InputBits = 8, InputShift = FineLogistic.UnitBits - InputBits;
    private const string ShapeName = "vae.shape", CutsName = "vae.cuts";

    private static readonly int[] LatentCuts = [.. Enumerable.Range(1, (1 << LatentBits) - 1).Select(i => FineLogistic.Quantile((uint)i << (FineLogistic.ProbabilityBits - LatentBits)))];
    private static readonly short[] LatentMiddles = [.. Enumerable.Range(0, 1 << LatentBits).Select(i => (short)(FineLogistic.Quantile((2 * (uint)i + 1) << (FineLogistic.ProbabilityBits - LatentBits - 1)) >> InputShift))];

    private readonly VaeShape _shape;
    private readonly IntegerCells _encoder, _decoder;
    private readonly int[] _cuts;

    /// <summary>Prepares the weights for use.</summary>
    /// <exception cref="ArgumentException">They do not fit together, or some image could make a sum overflow.</exception>
    public VaeModel(LosslessWeights weights)
    {
        Weights = weights;
        var shape = weights.Get<int>(ShapeName, 2);
        _shape = new VaeShape(shape[0], shape[1]);
        _shape.Check();
        weights.CheckNames([ShapeName, CutsName, .. _shape.Layers.SelectMany(layer => (string[])[WeightName(layer.Name), PositionName(layer.Name)])]);
        _cuts = weights.Get<int>(CutsName, byte.MaxValue);
        if (_cuts.Any(cut => Math.Abs((long)cut) > ushort.MaxValue) || _cuts.Zip(_cuts.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"'{CutsName}' are no rising numbers up to {ushort.MaxValue}.");
        }

        _encoder = Network("encoder", byte.MaxValue);
        _decoder = Network("decoder", LatentMiddles.Max(value => Math.Abs((int)value)));
    }

    public override LosslessWeights Weights { get; }

    public override int DefaultGroupSize => CompressedFormat.Cal.LargestGroup;

    /// <summary>A trained network in integers.</summary>
    /// <exception cref="ArgumentException">The weights are not finite, or grew so large that sums could overflow.</exception>
    public static VaeModel From(VaeNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var weights = new LosslessWeights();
        weights.Add(ShapeName, network.Shape.Hidden, network.Shape.Latents);
        foreach (var (name, (layer, position)) in network.Layers)
        {
            weights.Add<short>(WeightName(name), layer.weight!, 1 << IntegerCells.StoredBits);
            weights.Add<short>(PositionName(name), position, 1 << IntegerCells.StoredBits);
        }

        weights.Add<int>(CutsName, network.Places(), 1 << FineLogistic.UnitBits);
        var cuts = weights.Get<int>(CutsName, byte.MaxValue);
        for (var i = 1; i < cuts.Length; i++)
        {
            cuts[i] = Math.Max(cuts[i], cuts[i - 1] + 1);
        }

        return new VaeModel(weights);
    }

    public override (byte[] Bytes, long Bits) Encode(ReadOnlySpan<byte> pixels)
    {
        var (stack, state) = (new RansStack(), new State(this));
        // The last image first, because a stack gives back the other way round.
        for (var image = pixels.Length - Pixels; image >= 0; image -= Pixels)
        {
            Push(stack, pixels.Slice(image, Pixels), state);
        }

        return (stack.ToBytes(), stack.BitCount);
    }

    public override bool Decode(CompressedImages file, int group, Span<byte> pixels)
    {
        var (stack, state) = (file.StackOf(group), new State(this));
        for (var image = 0; image < pixels.Length; image += Pixels)
        {
            Pop(stack, pixels.Slice(image, Pixels), state);
        }

        return pixels.Length < file.ImagesIn(group) * Pixels || stack.IsAsBorrowed;
    }

    /// <summary>Puts one image on a stack.</summary>
    internal void Push(RansStack stack, ReadOnlySpan<byte> image, State state)
    {
        Infer(image, state);
        for (var i = 0; i < state.Numbers.Length; i++)
        {
            state.Numbers[i] = Posterior(state, i).Pop(stack);
        }

        Generate(state);
        for (var i = Pixels - 1; i >= 0; i--)
        {
            Pixel(state, i).Push(stack, image[i]);
        }

        foreach (var number in state.Numbers)
        {
            stack.Push((uint)number, 1, LatentBits);
        }
    }

    /// <summary>Takes one image off a stack.</summary>
    internal void Pop(RansStack stack, Span<byte> image, State state)
    {
        for (var i = state.Numbers.Length - 1; i >= 0; i--)
        {
            var number = stack.Peek(LatentBits);
            stack.Pop(number, 1, LatentBits);
            state.Numbers[i] = (int)number;
        }

        Generate(state);
        for (var i = 0; i < Pixels; i++)
        {
            image[i] = (byte)Pixel(state, i).Pop(stack);
        }

        Infer(image, state);
        for (var i = state.Numbers.Length - 1; i >= 0; i--)
        {
            Posterior(state, i).Push(stack, state.Numbers[i]);
        }
    }

    private static string WeightName(string layer) => $"vae.{layer}";

    private static string PositionName(string layer) => $"vae.{layer}_position";

    private IntegerCells Network(string name, int largestInput)
    {
        var layers = _shape.Layers.Where(layer => layer.Name.StartsWith(name, StringComparison.Ordinal)).ToArray();
        return new IntegerCells(
            [.. layers.Select(layer => Weights.Get<short>(WeightName(layer.Name), layer.Outputs * layer.Inputs * 9))],
            [.. layers.Select(layer => Weights.Get<short>(PositionName(layer.Name), layer.Outputs * Cells))],
            largestInput, InputBits);
    }

    // The encoder: from pixels to the posterior of the latents.
    private void Infer(ReadOnlySpan<byte> image, State state)
    {
        for (var i = 0; i < Pixels; i++)
        {
            var (cell, place) = Place(i);
            state.Blocks[Padded(cell) * CellPixels + place] = image[i];
        }

        _encoder.Apply(state.Blocks, state.Posterior);
    }

    // The decoder: from latents to the distributions of the pixels.
    private void Generate(State state)
    {
        var width = IntegerConvolution.Padded(_shape.Latents);
        for (var i = 0; i < state.Numbers.Length; i++)
        {
            var (cell, latent) = Math.DivRem(i, _shape.Latents);
            state.Latents[Padded(cell) * width + latent] = LatentMiddles[state.Numbers[i]];
        }

        _decoder.Apply(state.Latents, state.Parameters);
    }

    private LogisticInterval Posterior(State state, int index)
    {
        var (cell, latent) = Math.DivRem(index, _shape.Latents);
        var at = cell * _encoder.Outputs + latent;
        return new LogisticInterval(LatentCuts, state.Posterior[at], Scale(state.Posterior[at + _shape.Latents]), 0);
    }

    private LogisticInterval Pixel(State state, int index)
    {
        var (cell, place) = Place(index);
        var parameters = state.Parameters.AsSpan(cell * _decoder.Outputs + place);
        var background = Math.Min(FineLogistic.Distribution(parameters[0]), (1u << FineLogistic.ProbabilityBits) - 1);
        return new LogisticInterval(_cuts, parameters[CellPixels], Scale(parameters[2 * CellPixels]), background);
    }

    private static int Scale(int logarithm) => Math.Clamp(logarithm, (int)VaeNetwork.LowestScale << FineLogistic.UnitBits, (int)VaeNetwork.HighestScale << FineLogistic.UnitBits);

    private static (int Cell, int Place) Place(int pixel)
    {
        var (row, column) = Math.DivRem(pixel, Side);
        return (row / AnalysisNetwork.Block * CellSide + column / AnalysisNetwork.Block, row % AnalysisNetwork.Block * AnalysisNetwork.Block + column % AnalysisNetwork.Block);
    }

    private static int Padded(int cell) => (cell / CellSide + 1) * IntegerConvolution.PaddedSide + cell % CellSide + 1;

    /// <summary>One thread's working memory.</summary>
    internal sealed class State(VaeModel model)
    {
        private const int PaddedCells = IntegerConvolution.PaddedSide * IntegerConvolution.PaddedSide;

        public readonly short[] Blocks = new short[PaddedCells * CellPixels], Latents = new short[PaddedCells * IntegerConvolution.Padded(model._shape.Latents)];
        public readonly int[] Posterior = new int[Cells * model._encoder.Outputs], Parameters = new int[Cells * model._decoder.Outputs];
        public readonly int[] Numbers = new int[Cells * model._shape.Latents];
    }
}
