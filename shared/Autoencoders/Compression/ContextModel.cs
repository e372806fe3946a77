using System.Numerics;
using System.Runtime.CompilerServices;
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
    private readonly IntegerLayer _second;
    private readonly IntegerOutputs _third;
    private readonly uint[] _withoutInk, _backgroundWithoutInk;
    private readonly AlignedShorts _background, _neighbourWeights;
    private readonly int _lastLevel;

    /// <summary>Prepares the tables for use.</summary>
    /// <param name="tables">From training, or from a file.</param>
    public ContextModel(ContextTables tables)
    {
        (_tables, _second, _third) = (tables, tables.SecondLayer(), tables.ThirdLayer());
        _lastLevel = Shape.Levels - 1;
        (_background, _neighbourWeights) = (Background(), new AlignedShorts(tables.NeighbourWeights));
        _withoutInk = new uint[Shape.Cells * Shape.Levels];
        var state = CreateState();
        Start(state);
        for (var cell = 0; cell < Shape.Cells; cell++)
        {
            FrequenciesOf(Hidden(state, cell)).CopyTo(_withoutInk, cell * Shape.Levels);
        }

        _backgroundWithoutInk = [.. Enumerable.Range(0, Shape.Cells).Select(cell => _withoutInk[cell * Shape.Levels])];
    }

    /// <summary>The measures of the model.</summary>
    public ContextShape Shape => _tables.Shape;

    /// <summary>Working memory for one image at a time.</summary>
    public ContextState CreateState() => new(Shape);

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
            EncodeSymbol(encoder, state, cell, symbols[cell]);
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
        while (DecodeUntilInk(ref decoder, state))
        {
            DecodeSymbol(ref decoder, state, Hidden(state, state.Cell));
        }

        state.Symbols.CopyTo(symbols);
        return decoder.EndCodeword();
    }

    /// <summary>The frequencies of all levels at every cell of an image, each at least 1, adding up to <see cref="RangeEncoder.Total"/>.</summary>
    /// <param name="symbols">The grid, row by row.</param>
    /// <exception cref="ArgumentException">The symbols are too many, too few or not all among the levels.</exception>
    public IReadOnlyList<uint[]> Frequencies(ReadOnlySpan<byte> symbols)
    {
        Check(symbols);
        var (state, cells) = (CreateState(), new List<uint[]>());
        Start(state);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            cells.Add(SeesInk(state, cell) ? FrequenciesOf(Hidden(state, cell)) : [.. _withoutInk.AsSpan(cell * Shape.Levels, Shape.Levels)]);
            Spread(state, cell, symbols[cell]);
        }

        return cells;
    }

    /// <summary>Begins an image.</summary>
    internal void Start(ContextState state) => state.Start(_background);

    /// <summary>Reads on up to the next symbol that depends on those before it.</summary>
    /// <returns>False if there is none: all symbols have been read, and the codeword can be ended.</returns>
    internal bool DecodeUntilInk(ref RangeDecoder decoder, ContextState state)
    {
        while (state.Cell < Shape.Cells)
        {
            var (row, column) = (state.Cell / Shape.Grid, state.Cell % Shape.Grid);
            var before = Math.Min(BitOperations.TrailingZeroCount(state.SeesInk[row] >> (column + Shape.Columns)), Shape.Grid - column);
            if (before == 0)
            {
                return true;
            }

            var background = decoder.ReadFirsts(_backgroundWithoutInk.AsSpan(state.Cell, before));
            state.Cell += background;
            if (background < before)
            {
                DecodeFirstInk(ref decoder, state);
            }
        }

        return false;
    }

    /// <summary>The first layer for the next symbol.</summary>
    /// <param name="state">Where <see cref="DecodeUntilInk"/> stopped.</param>
    /// <param name="activations">Takes as many numbers as the layer has units.</param>
    internal void Activate(ContextState state, Span<short> activations) => Activate(state, state.Cell, activations);

    /// <summary>The second layer for several symbols at once.</summary>
    /// <param name="activations">Of <see cref="IntegerLayer.Together"/> first layers.</param>
    /// <param name="hidden">Takes the results.</param>
    internal void Apply(ReadOnlySpan<short> activations, Span<Vector512<short>> hidden) => _second.ApplyToFour(activations, hidden);

    /// <summary>Reads the next symbol.</summary>
    /// <param name="decoder">Where to read.</param>
    /// <param name="state">Where <see cref="DecodeUntilInk"/> stopped.</param>
    /// <param name="hidden">The second layer for that symbol.</param>
    internal void DecodeSymbol(ref RangeDecoder decoder, ContextState state, Vector512<short> hidden)
    {
        var (level, rest) = (0, RangeEncoder.Total);
        for (; level < _lastLevel; level++)
        {
            var part = Part(hidden, rest, level);
            if (!decoder.IsAtLeast(RangeEncoder.Total - rest + part))
            {
                decoder.Consume(RangeEncoder.Total - rest, part);
                Take(state, level);
                return;
            }

            rest -= part;
        }

        decoder.Consume(RangeEncoder.Total - rest, rest);
        Take(state, level);
    }

    private void Check(ReadOnlySpan<byte> symbols)
    {
        if (symbols.Length != Shape.Cells || symbols.ContainsAnyExceptInRange((byte)0, (byte)(Shape.Levels - 1)))
        {
            throw new ArgumentException($"An image has {Shape.Cells} symbols from 0 to {Shape.Levels - 1}.", nameof(symbols));
        }
    }

    // Something else than background where no ink was seen.
    private void DecodeFirstInk(ref RangeDecoder decoder, ContextState state)
    {
        var frequencies = _withoutInk.AsSpan(state.Cell * Shape.Levels, Shape.Levels);
        var (level, start) = (1, frequencies[0]);
        while (level < _lastLevel && decoder.IsAtLeast(start + frequencies[level]))
        {
            start += frequencies[level++];
        }

        decoder.Consume(start, frequencies[level]);
        Take(state, level);
    }

    private void Take(ContextState state, int symbol)
    {
        state.Symbols[state.Cell] = (byte)symbol;
        Spread(state, state.Cell, symbol);
        state.Cell++;
    }

    private void EncodeSymbol(RangeEncoder encoder, ContextState state, int cell, int symbol)
    {
        if (!SeesInk(state, cell))
        {
            var frequencies = _withoutInk.AsSpan(cell * Shape.Levels, Shape.Levels);
            var start = 0u;
            for (var level = 0; level < symbol; level++)
            {
                start += frequencies[level];
            }

            encoder.Encode(start, frequencies[symbol]);
            return;
        }

        var (hidden, rest) = (Hidden(state, cell), RangeEncoder.Total);
        for (var level = 0; level < symbol; level++)
        {
            rest -= Part(hidden, rest, level);
        }

        encoder.Encode(RangeEncoder.Total - rest, Part(hidden, rest, symbol));
    }

    private uint[] FrequenciesOf(Vector512<short> hidden)
    {
        var (frequencies, rest) = (new uint[Shape.Levels], RangeEncoder.Total);
        for (var level = 0; level <= _lastLevel; level++)
        {
            frequencies[level] = Part(hidden, rest, level);
            rest -= frequencies[level];
        }

        return frequencies;
    }

    // A level's share of what the levels below it left: at least 1, and at least 1 stays for each of the levels above
    // it. None is zero, and all together are the whole exactly, because the last level takes what is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Part(Vector512<short> hidden, uint rest, int level)
    {
        if (level == _lastLevel)
        {
            return rest;
        }

        var probability = Logistic.Probability(_third.Sum(hidden, level));
        return Math.Clamp((rest * probability) >> 16, 1, rest - (uint)(_lastLevel - level));
    }

    private bool SeesInk(ContextState state, int cell) =>
        ((state.SeesInk[cell / Shape.Grid] >> (cell % Shape.Grid + Shape.Columns)) & 1) != 0;

    private Vector512<short> Hidden(ContextState state, int cell)
    {
        Span<short> activations = stackalloc short[Shape.Hidden];
        Activate(state, cell, activations);
        return _second.Apply(activations);
    }

    private void Activate(ContextState state, int cell, Span<short> activations)
    {
        var (row, column) = (cell / Shape.Grid, cell % Shape.Grid);
        ref var sums = ref state.Sums.At((row * Shape.PaddedGrid + column + Shape.Columns) * Shape.Hidden);
        Int16Vectors.Rectify(ref sums, activations, IntegerLayer.LargestActivation);
    }

    // Adds what a symbol means for the cells after it that can see it. Those beside the grid are in the margins.
    private void Spread(ContextState state, int cell, int symbol)
    {
        if (symbol == 0)
        {
            return;
        }

        var (row, column) = (cell / Shape.Grid, cell % Shape.Grid);
        var (reach, hidden, window) = (Shape.Columns, Shape.Hidden, 2 * Shape.Columns + 1);
        var weights = (symbol - 1) * Shape.WindowSize * hidden;
        var sums = (row * Shape.PaddedGrid + column) * hidden;
        state.SeesInk[row] |= ((1ul << reach) - 1) << (column + reach + 1);
        Int16Vectors.Add(ref state.Sums.At(sums + (reach + 1) * hidden), ref _neighbourWeights.At(weights + (reach + 1) * hidden), reach * hidden);
        var last = Math.Min(Shape.Grid - 1, row + Shape.Rows);
        while (++row <= last)
        {
            weights += window * hidden;
            sums += Shape.PaddedGrid * hidden;
            state.SeesInk[row] |= ((1ul << window) - 1) << column;
            Int16Vectors.Add(ref state.Sums.At(sums), ref _neighbourWeights.At(weights), window * hidden);
        }
    }

    private AlignedShorts Background()
    {
        var background = new AlignedShorts(Shape.Grid * Shape.PaddedGrid * Shape.Hidden);
        var rowLength = Shape.Grid * Shape.Hidden;
        for (var row = 0; row < Shape.Grid; row++)
        {
            var target = background.Span[((row * Shape.PaddedGrid + Shape.Columns) * Shape.Hidden)..];
            _tables.PositionBias.Slice(row * rowLength, rowLength).CopyTo(target);
        }

        return background;
    }
}
