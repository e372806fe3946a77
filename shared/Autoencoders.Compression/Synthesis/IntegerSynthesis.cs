using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>
/// The synthesis network in integers, from symbols to pixels: the same pixels wherever and however it runs, and
/// several times as fast as in floating point.
/// </summary>
/// <remarks>
/// Symbol 0 is what the first layer's sums start from, and only the others are added to them, so that layer's work grows
/// with the ink. Activations are in units of 1/2048 or coarser, weights as fine as sums of 32 bits allow.
/// </remarks>
internal sealed class IntegerSynthesis
{
    private const int Side = IntegerConvolution.Side, PaddedSide = IntegerConvolution.PaddedSide, Cells = Side * Side;
    private const int PixelsPerSide = 4, Pixels = PixelsPerSide * PixelsPerSide, ImageSide = Side * PixelsPerSide;
    private const int ActivationBits = 11;

    private readonly ContextShape _shape;
    private readonly int _width, _unitBits;
    private readonly AlignedShorts _background, _symbols;
    private readonly int[] _bias2, _pixelBackground, _pixelSymbols;
    private readonly IntegerConvolution _second, _third;
    private readonly (byte Row, byte Column, byte Place)[] _cells;

    /// <summary>Rounds the network's weights to integers.</summary>
    /// <param name="shape">The measures of the code.</param>
    /// <param name="weights">The network's tensors by their names, as numbers in the order of a contiguous tensor.</param>
    /// <exception cref="ArgumentException">The weights are so large that a sum could overflow.</exception>
    /// <exception cref="KeyNotFoundException">A tensor is missing.</exception>
    public IntegerSynthesis(ContextShape shape, IReadOnlyDictionary<string, double[]> weights)
    {
        var channels = weights["conv1.bias"].Length;
        (_shape, _width) = (shape, IntegerConvolution.Padded(channels));
        _cells = [.. Enumerable.Range(0, shape.Cells).Select(Place)];
        var first = new SynthesisFirstLayer(shape, weights["conv1.weight"], weights["conv1.bias"], weights["position"]);
        (_unitBits, _background, _symbols) = (first.UnitBits, new AlignedShorts(first.Background), new AlignedShorts(first.Symbols));

        var bias2 = weights["conv2.bias"];
        _second = new IntegerConvolution(weights["conv2.weight"], channels, first.Largest, Math.ScaleB(bias2.Max(bias => Math.Abs(bias)), _unitBits));
        if (Shift2 < 1)
        {
            throw new ArgumentException("The weights of the synthesis network's second layer are so large that a sum could overflow.", nameof(weights));
        }

        // A half more, so that shifting rounds to the nearest.
        _bias2 = new int[_width];
        var half2 = 1 << (Shift2 - 1);
        for (var i = 0; i < channels; i++)
        {
            _bias2[i] = (int)Math.Round(Math.ScaleB(bias2[i], _unitBits + _second.WeightBits)) + half2;
        }

        double[] toPixels = [.. weights["out.weight"].Select(weight => weight * byte.MaxValue)];
        var direct = weights["direct.weight"];
        var largestPixel = byte.MaxValue * (weights["out.bias"].Max(bias => Math.Abs(bias)) + shape.Levels * direct.Sum(weight => Math.Abs(weight)));
        int[] largest2 = [.. Enumerable.Repeat((int)short.MaxValue, channels)];
        _third = new IntegerConvolution(toPixels, channels, largest2, Math.ScaleB(largestPixel, ActivationBits));
        (_pixelBackground, _pixelSymbols) = DirectTables(direct, weights["out.bias"]);
    }

    private int SymbolsPerSide => _shape.Grid / Side;

    private int Places => SymbolsPerSide * SymbolsPerSide;

    private int Shift2 => _unitBits + _second.WeightBits - ActivationBits;

    private int Shift3 => ActivationBits + _third.WeightBits;

    /// <summary>Working memory for one thread.</summary>
    public SynthesisState CreateState() => new(_width, Pixels);

    /// <summary>Draws one image.</summary>
    /// <param name="symbols">The grid, row by row.</param>
    /// <param name="pixels">Takes 28x28 pixels, row by row: 0 is background, 255 full ink.</param>
    /// <param name="state">The calling thread's working memory.</param>
    public void Draw(ReadOnlySpan<byte> symbols, Span<byte> pixels, SynthesisState state)
    {
        _background.Span.CopyTo(state.Sums.Span);
        _pixelBackground.CopyTo(state.Pixels);
        for (var cell = NextInk(symbols, 0); cell < symbols.Length; cell = NextInk(symbols, cell + 1))
        {
            AddSymbol(symbols[cell], _cells[cell], state);
        }

        for (var row = 1; row <= Side; row++)
        {
            var inner = ((row * PaddedSide) + 1) * _width;
            Int16Vectors.Rectify(ref state.Sums.At(inner), state.Activations.AsSpan(inner, Side * _width), short.MaxValue);
        }

        SecondLayer(state);
        _third.AddTo(state.Activations2, state.Pixels);
        ToRows(state.Pixels, pixels);
    }

    private static int NextInk(ReadOnlySpan<byte> symbols, int from)
    {
        var next = symbols[from..].IndexOfAnyExcept((byte)0);
        return next < 0 ? symbols.Length : from + next;
    }

    private (byte, byte, byte) Place(int cell)
    {
        var (row, column) = Math.DivRem(cell, _shape.Grid);
        var side = SymbolsPerSide;
        return ((byte)(row / side), (byte)(column / side), (byte)(row % side * side + column % side));
    }

    private void AddSymbol(int symbol, (byte Row, byte Column, byte Place) at, SynthesisState state)
    {
        var index = (symbol - 1) * Places + at.Place;
        var threeCells = 3 * _width;
        for (var row = 0; row < 3; row++)
        {
            ref var sums = ref state.Sums.At(((at.Row + row) * PaddedSide + at.Column) * _width);
            Int16Vectors.Add(ref sums, ref _symbols.At((index * 3 + row) * threeCells), threeCells);
        }

        ref var pixels = ref state.Pixels[(at.Row * Side + at.Column) * Pixels];
        (Vector512.LoadUnsafe(ref pixels) + Vector512.LoadUnsafe(ref _pixelSymbols[index * Pixels])).StoreUnsafe(ref pixels);
    }

    private void SecondLayer(SynthesisState state)
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            _bias2.CopyTo(state.Sums2.AsSpan(cell * _width));
        }

        _second.AddTo(state.Activations, state.Sums2);
        for (var row = 0; row < Side; row++)
        {
            var target = state.Activations2.AsSpan(((row + 1) * PaddedSide + 1) * _width);
            Int16Vectors.Rectify(state.Sums2.AsSpan(row * Side * _width, Side * _width), target, Shift2, short.MaxValue);
        }
    }

    private (int[] Background, int[] Symbols) DirectTables(double[] direct, double[] bias)
    {
        var middle = (_shape.Levels - 1) / 2.0;
        var background = new int[Cells * Pixels];
        for (var i = 0; i < background.Length; i++)
        {
            var pixel = i % Pixels;
            var lowest = bias[pixel] - middle * direct.Skip(pixel * Places).Take(Places).Sum();
            background[i] = ToUnits(lowest) + (1 << (Shift3 - 1));
        }

        var symbols = new int[(_shape.Levels - 1) * Places * Pixels];
        for (var i = 0; i < symbols.Length; i++)
        {
            var (index, pixel) = Math.DivRem(i, Pixels);
            symbols[i] = ToUnits((index / Places + 1) * direct[pixel * Places + index % Places]);
        }

        return (background, symbols);
    }

    private int ToUnits(double pixel) => (int)Math.Round(Math.ScaleB(pixel * byte.MaxValue, Shift3));

    private void ToRows(ReadOnlySpan<int> sums, Span<byte> pixels)
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            ref var sum = ref Unsafe.AsRef(in sums[cell * Pixels]);
            var cut = Vector512.Min(Vector512.Max(Vector512.LoadUnsafe(ref sum) >> Shift3, Vector512<int>.Zero), Vector512.Create((int)byte.MaxValue));
            var shorts = Vector256.Narrow(cut.GetLower(), cut.GetUpper()).AsUInt16();
            var rows = Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).AsUInt32();
            var (row, column) = Math.DivRem(cell, Side);
            var target = MemoryMarshal.Cast<byte, uint>(pixels[(row * PixelsPerSide * ImageSide)..]);
            for (var i = 0; i < PixelsPerSide; i++)
            {
                target[i * Side + column] = rows[i];
            }
        }
    }
}
