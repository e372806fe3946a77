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
    private readonly int _grid, _paddedGrid, _rows, _columns, _hidden, _lastLevel;

    /// <summary>Prepares the tables for use.</summary>
    /// <param name="tables">From training, or from a file.</param>
    public ContextModel(ContextTables tables)
    {
        (_tables, _second, _third) = (tables, tables.SecondLayer(), tables.ThirdLayer());
        (_grid, _paddedGrid, _rows, _columns) = (Shape.Grid, Shape.PaddedGrid, Shape.Rows, Shape.Columns);
        (_hidden, _lastLevel) = (Shape.Hidden, Shape.Levels - 1);
        (_background, _neighbourWeights) = (Background(), new AlignedShorts(tables.NeighbourWeights));
        _withoutInk = new uint[Shape.Cells * Shape.Levels];
        var state = CreateState();
        Start(state);
        for (var cell = 0; cell < Shape.Cells; cell++)
        {
            FrequenciesOf(Hidden(state, cell / _grid, cell % _grid)).CopyTo(_withoutInk, cell * Shape.Levels);
        }

        _backgroundWithoutInk = [.. Enumerable.Range(0, Shape.Cells).Select(cell => _withoutInk[cell * Shape.Levels])];
    }

    /// <summary>The measures of the model.</summary>
    public ContextShape Shape => _tables.Shape;

    /// <summary>Working memory for one image at a time.</summary>
    public ContextState CreateState() => new(Shape);

    /// <summary>Writes the symbols of one image into the codeword that the encoder is at; its <see cref="RangeEncoder.EndCodeword"/> ends it, after one image or several.</summary>
    /// <param name="symbols">The grid, row by row, each symbol from 0 to levels - 1.</param>
    /// <param name="encoder">Where to write.</param>
    /// <param name="state">The calling thread's working memory.</param>
    /// <exception cref="ArgumentException">The symbols are too many, too few or not all among the levels, or the working memory is another model's.</exception>
    public void Encode(ReadOnlySpan<byte> symbols, RangeEncoder encoder, ContextState state)
    {
        Check(symbols);
        Start(state);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            EncodeSymbol(encoder, state, symbols[cell]);
            Take(state, symbols[cell]);
        }
    }

    /// <summary>Reads the symbols of one image.</summary>
    /// <param name="decoder">At the beginning of a codeword, or behind another image of it.</param>
    /// <param name="symbols">Takes the grid, row by row.</param>
    /// <param name="state">The calling thread's working memory.</param>
    /// <exception cref="ArgumentException">There is no room for all symbols, or the working memory is another model's.</exception>
    public void Decode(ref RangeDecoder decoder, Span<byte> symbols, ContextState state)
    {
        Start(state);
        while (DecodeUntilInk(ref decoder, state))
        {
            var hidden = Hidden(state, state.Row, state.Column);
            DecodeSymbol(ref decoder, state, hidden, Part(hidden, RangeEncoder.Total, 0));
        }

        state.Symbols.CopyTo(symbols);
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
            cells.Add(SeesInk(state) ? FrequenciesOf(Hidden(state, state.Row, state.Column)) : [.. WithoutInk(state)]);
            Take(state, symbols[cell]);
        }

        return cells;
    }

    /// <summary>Begins an image.</summary>
    /// <exception cref="ArgumentException">The working memory is that of another model, and the code below does not look where its ends are.</exception>
    internal void Start(ContextState state)
    {
        if (state.Shape != Shape)
        {
            throw new ArgumentException($"This working memory is for {state.Shape}, and the model is {Shape}.", nameof(state));
        }

        state.Start(_background);
    }

    /// <summary>What a symbol costs in its cell, in bits, after the symbols whose sums the working memory holds.</summary>
    internal double Bits(ContextState state, int cell, int symbol)
    {
        var (row, column) = Math.DivRem(cell, _grid);
        var (hidden, rest) = (Hidden(state, row, column), RangeEncoder.Total);
        for (var level = 0; level < symbol; level++)
        {
            rest -= Part(hidden, rest, level);
        }

        return RangeEncoder.FrequencyBits - Math.Log2(Part(hidden, rest, symbol));
    }

    /// <summary>Puts one symbol in another's place: in the sums alone, for <see cref="Bits"/>.</summary>
    internal void Replace(ContextState state, int cell, int symbol)
    {
        var (row, column) = Math.DivRem(cell, _grid);
        Spread(state, row, column, state.Symbols[cell], -1);
        Spread(state, row, column, symbol, 1);
        state.Symbols[cell] = (byte)symbol;
    }

    /// <summary>Reads on up to the next symbol that depends on those before it.</summary>
    /// <returns>False if there is none: all symbols have been read.</returns>
    internal bool DecodeUntilInk(ref RangeDecoder decoder, ContextState state)
    {
        while (state.Row < _grid)
        {
            var ahead = BitOperations.TrailingZeroCount(state.SeesInk[state.Row] >> (state.Column + _columns));
            if (ahead == 0)
            {
                return true;
            }

            ahead = Math.Min(ahead, _grid - state.Column);
            var background = decoder.ReadFirsts(_backgroundWithoutInk.AsSpan(state.Row * _grid + state.Column, ahead));
            state.Column += background;
            if (background < ahead)
            {
                DecodeFirstInk(ref decoder, state);
            }
            else if (state.Column == _grid)
            {
                (state.Row, state.Column) = (state.Row + 1, 0);
            }
        }

        return false;
    }

    /// <summary>The first layer for the next symbol.</summary>
    /// <param name="state">Where <see cref="DecodeUntilInk"/> stopped.</param>
    /// <param name="activations">Takes as many numbers as the layer has units.</param>
    internal void Activate(ContextState state, Span<short> activations) => Activate(state, state.Row, state.Column, activations);

    /// <summary>The second layer for several symbols at once, and how probable background is for each.</summary>
    /// <remarks>No choice is made here, so that a processor can work at all of them at the same time, whatever they turn out to be.</remarks>
    /// <param name="activations">Of <see cref="IntegerLayer.Together"/> first layers.</param>
    /// <param name="hidden">Takes the second layers.</param>
    /// <param name="backgrounds">Takes the frequencies of symbol 0.</param>
    internal void Apply(ReadOnlySpan<short> activations, Span<Vector512<short>> hidden, Span<uint> backgrounds)
    {
        _second.ApplyToFour(activations, hidden);
        for (var i = 0; i < hidden.Length; i++)
        {
            backgrounds[i] = Part(hidden[i], RangeEncoder.Total, 0);
        }
    }

    /// <summary>Reads the next symbol.</summary>
    /// <param name="decoder">Where to read.</param>
    /// <param name="state">Where <see cref="DecodeUntilInk"/> stopped.</param>
    /// <param name="hidden">The second layer for that symbol.</param>
    /// <param name="background">The frequency of symbol 0.</param>
    internal void DecodeSymbol(ref RangeDecoder decoder, ContextState state, Vector512<short> hidden, uint background)
    {
        var (level, part, start) = (0, background, 0u);
        while (level < _lastLevel && decoder.IsAtLeast(start + part))
        {
            start += part;
            part = Part(hidden, RangeEncoder.Total - start, ++level);
        }

        decoder.Consume(start, part);
        Take(state, level);
    }

    private void Check(ReadOnlySpan<byte> symbols)
    {
        if (symbols.Length != Shape.Cells || symbols.ContainsAnyExceptInRange((byte)0, (byte)_lastLevel))
        {
            throw new ArgumentException($"An image has {Shape.Cells} symbols from 0 to {_lastLevel}.", nameof(symbols));
        }
    }

    // Something else than background where no ink was seen.
    private void DecodeFirstInk(ref RangeDecoder decoder, ContextState state)
    {
        var frequencies = WithoutInk(state);
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
        if (symbol != 0)
        {
            state.Symbols[state.Row * _grid + state.Column] = (byte)symbol;
            Spread(state, state.Row, state.Column, symbol);
        }

        if (++state.Column == _grid)
        {
            (state.Row, state.Column) = (state.Row + 1, 0);
        }
    }

    private void EncodeSymbol(RangeEncoder encoder, ContextState state, int symbol)
    {
        if (!SeesInk(state))
        {
            var frequencies = WithoutInk(state);
            var start = 0u;
            for (var level = 0; level < symbol; level++)
            {
                start += frequencies[level];
            }

            encoder.Encode(start, frequencies[symbol]);
            return;
        }

        var (hidden, rest) = (Hidden(state, state.Row, state.Column), RangeEncoder.Total);
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

    private bool SeesInk(ContextState state) => ((state.SeesInk[state.Row] >> (state.Column + _columns)) & 1) != 0;

    private ReadOnlySpan<uint> WithoutInk(ContextState state) => _withoutInk.AsSpan((state.Row * _grid + state.Column) * Shape.Levels, Shape.Levels);

    private Vector512<short> Hidden(ContextState state, int row, int column)
    {
        Span<short> activations = stackalloc short[_hidden];
        Activate(state, row, column, activations);
        return _second.Apply(activations);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Activate(ContextState state, int row, int column, Span<short> activations)
    {
        ref var sums = ref state.Sums.At((row * _paddedGrid + column + _columns) * _hidden);
        Int16Vectors.Rectify(ref sums, activations, IntegerLayer.LargestActivation);
    }

    // Adds what a symbol means, times 1 or -1, for the cells after it that can see it. Those beside the grid are in the margins.
    private void Spread(ContextState state, int row, int column, int symbol, int sign = 1)
    {
        if (symbol == 0)
        {
            return;
        }

        var window = 2 * _columns + 1;
        var weights = (symbol - 1) * Shape.WindowSize * _hidden;
        var sums = (row * _paddedGrid + column) * _hidden;
        var beside = (_columns + 1) * _hidden;
        state.SeesInk[row] |= ((1ul << _columns) - 1) << (column + _columns + 1);
        Int16Vectors.Add(ref state.Sums.At(sums + beside), ref _neighbourWeights.At(weights + beside), _columns * _hidden, sign);
        var last = Math.Min(_grid - 1, row + _rows);
        while (++row <= last)
        {
            weights += window * _hidden;
            sums += _paddedGrid * _hidden;
            state.SeesInk[row] |= ((1ul << window) - 1) << column;
            Int16Vectors.Add(ref state.Sums.At(sums), ref _neighbourWeights.At(weights), window * _hidden, sign);
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
