using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>
/// Predicts each symbol of a grid from those before it, in integers: a small network whose frequencies are the same
/// wherever and however it runs, so that what one machine wrote any other can read.
/// </summary>
/// <remarks>
/// <para>Symbols come row by row, and each sees those before it in a window of some rows above and some columns to either
/// side. Every symbol value at every place of that window has a row of weights; their sum, with a bias for the
/// position, is the first layer. Symbol 0, the background, adds nothing, so the work grows with the ink. A second layer and
/// <c>levels - 1</c> outputs follow, the k-th of which says, through a table of the logistic function, how probable it is
/// that the symbol is k where it is not smaller.</para>
/// <para>After A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu, "Pixel recurrent neural networks", ICML 2016 (prediction
/// from the pixels before), and J. Ballé, N. Johnston, D. Minnen, "Integer networks for data compression with
/// latent-variable models", ICLR 2019 (integers).</para>
/// </remarks>
public sealed class ContextModel
{
    private readonly ContextTables _tables;
    private readonly IntegerLayer _second, _third;
    private readonly ushort[] _withoutInk;

    /// <summary>Prepares the tables for use.</summary>
    /// <param name="tables">From training, or from a file.</param>
    public ContextModel(ContextTables tables)
    {
        (_tables, _second, _third) = (tables, tables.SecondLayer(), tables.ThirdLayer());
        _withoutInk = new ushort[Shape.Cells * (Shape.Levels - 1)];
        var state = Start(CreateState());
        for (var cell = 0; cell < Shape.Cells; cell++)
        {
            Evaluate(state, cell).CopyTo(_withoutInk.AsSpan(cell * (Shape.Levels - 1)));
        }
    }

    /// <summary>The measures of the model.</summary>
    public ContextShape Shape => _tables.Shape;

    /// <summary>Working memory for one thread.</summary>
    public ContextState CreateState() => new(Shape, _second.PaddedOutputs, _third.PaddedOutputs);

    /// <summary>Writes the symbols of one image as one codeword.</summary>
    /// <param name="symbols">The grid, row by row, each symbol from 0 to levels - 1.</param>
    /// <param name="encoder">Where to write.</param>
    /// <param name="state">The calling thread's working memory.</param>
    /// <exception cref="ArgumentException">The symbols are too many, too few or not all among the levels.</exception>
    public void Encode(ReadOnlySpan<byte> symbols, RangeEncoder encoder, ContextState state)
    {
        Check(symbols);
        Start(state);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            LevelFrequencies.Encode(encoder, Probabilities(state, cell), symbols[cell]);
            Spread(state, cell, symbols[cell]);
        }

        encoder.EndCodeword();
    }

    /// <summary>Reads the symbols of one image.</summary>
    /// <param name="decoder">At the beginning of a codeword, and afterwards at the beginning of the next.</param>
    /// <param name="symbols">Takes the grid, row by row.</param>
    /// <param name="state">The calling thread's working memory.</param>
    /// <returns>The bit where the codeword ended.</returns>
    public long Decode(ref RangeDecoder decoder, Span<byte> symbols, ContextState state)
    {
        Start(state);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            var symbol = LevelFrequencies.Decode(ref decoder, Probabilities(state, cell));
            symbols[cell] = (byte)symbol;
            Spread(state, cell, symbol);
        }

        return decoder.EndCodeword();
    }

    /// <summary>The frequencies of all levels at every cell of an image, each at least 1, adding up to <see cref="RangeEncoder.Total"/>.</summary>
    /// <param name="symbols">The grid, row by row.</param>
    /// <exception cref="ArgumentException">The symbols are too many, too few or not all among the levels.</exception>
    public IReadOnlyList<uint[]> Frequencies(ReadOnlySpan<byte> symbols)
    {
        Check(symbols);
        var (state, cells) = (Start(CreateState()), new List<uint[]>());
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            cells.Add(LevelFrequencies.Of(Probabilities(state, cell)));
            Spread(state, cell, symbols[cell]);
        }

        return cells;
    }

    private void Check(ReadOnlySpan<byte> symbols)
    {
        if (symbols.Length != Shape.Cells || symbols.ContainsAnyExceptInRange((byte)0, (byte)(Shape.Levels - 1)))
        {
            throw new ArgumentException($"An image has {Shape.Cells} symbols from 0 to {Shape.Levels - 1}.", nameof(symbols));
        }
    }

    private ContextState Start(ContextState state)
    {
        state.Start(_tables.PositionBias);
        return state;
    }

    private ReadOnlySpan<ushort> Probabilities(ContextState state, int cell) =>
        state.SeesInk[cell] ? Evaluate(state, cell) : _withoutInk.AsSpan(cell * (Shape.Levels - 1), Shape.Levels - 1);

    // Adds what a symbol means for the cells after it that can see it.
    private void Spread(ContextState state, int cell, int symbol)
    {
        if (symbol == 0)
        {
            return;
        }

        var (row, column) = Math.DivRem(cell, Shape.Grid);
        var last = Math.Min(Shape.Grid - 1, column + Shape.Columns);
        for (var y = row; y <= Math.Min(Shape.Grid - 1, row + Shape.Rows); y++)
        {
            var first = y == row ? column + 1 : Math.Max(0, column - Shape.Columns);
            if (first <= last)
            {
                var (target, cells) = (y * Shape.Grid + first, last - first + 1);
                state.SeesInk.AsSpan(target, cells).Fill(true);
                Add(state.Sums.AsSpan(target * Shape.Hidden, cells * Shape.Hidden), _tables.NeighbourWeights(symbol, y - row, first - column, cells));
            }
        }
    }

    private static void Add(Span<short> sums, ReadOnlySpan<short> weights)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        nuint i = 0;
        for (; Vector512.IsHardwareAccelerated && i + (nuint)Vector512<short>.Count <= (nuint)sums.Length; i += (nuint)Vector512<short>.Count)
        {
            (Vector512.LoadUnsafe(ref sum, i) + Vector512.LoadUnsafe(ref weight, i)).StoreUnsafe(ref sum, i);
        }

        for (; i < (nuint)sums.Length; i += (nuint)Vector256<short>.Count)
        {
            (Vector256.LoadUnsafe(ref sum, i) + Vector256.LoadUnsafe(ref weight, i)).StoreUnsafe(ref sum, i);
        }
    }

    private ReadOnlySpan<ushort> Evaluate(ContextState state, int cell)
    {
        Activate(state.Sums.AsSpan(cell * Shape.Hidden, Shape.Hidden), state.Activations);
        _second.Apply(state.Activations, state.Sums2);
        Activate(state.Sums2, state.Activations2);
        _third.Apply(state.Activations2, state.Sums3);
        for (var level = 0; level < state.Probabilities.Length; level++)
        {
            state.Probabilities[level] = Logistic.Probability(state.Sums3[level]);
        }

        return state.Probabilities;
    }

    private static void Activate(ReadOnlySpan<short> sums, Span<short> activations)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var activation = ref MemoryMarshal.GetReference(activations);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)Vector256<short>.Count)
        {
            var clamped = Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref sum, i), Vector256<short>.Zero), Vector256.Create(IntegerLayer.LargestActivation));
            clamped.StoreUnsafe(ref activation, i);
        }
    }

    private static void Activate(ReadOnlySpan<int> sums, Span<short> activations)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var activation = ref MemoryMarshal.GetReference(activations);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)Vector256<int>.Count)
        {
            var clamped = Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref sum, i), Vector256<int>.Zero), Vector256.Create((int)IntegerLayer.LargestActivation));
            Vector128.Narrow(clamped.GetLower(), clamped.GetUpper()).StoreUnsafe(ref activation, i);
        }
    }
}
