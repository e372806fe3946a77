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
    private readonly ushort[] _withoutInk;
    private readonly int _lastLevel;

    /// <summary>Prepares the tables for use.</summary>
    /// <param name="tables">From training, or from a file.</param>
    public ContextModel(ContextTables tables)
    {
        (_tables, _second, _third) = (tables, tables.SecondLayer(), tables.ThirdLayer());
        _lastLevel = Shape.Levels - 1;
        _withoutInk = new ushort[Shape.Cells * _lastLevel];
        var state = Start(CreateState());
        for (var cell = 0; cell < Shape.Cells; cell++)
        {
            Evaluate(state, cell);
            for (var level = 0; level < _lastLevel; level++)
            {
                _withoutInk[cell * _lastLevel + level] = Probability(state, level);
            }
        }
    }

    /// <summary>The measures of the model.</summary>
    public ContextShape Shape => _tables.Shape;

    /// <summary>Working memory for one image at a time.</summary>
    public ContextState CreateState() => new(Shape, _second.PaddedOutputs);

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
        var end = 0L;
        Decode(new Span<RangeDecoder>(ref decoder), [state], new Span<long>(ref end));
        state.Symbols.CopyTo(symbols);
        return end;
    }

    /// <summary>Reads the symbols of several images in step, each from a decoder of its own: while one waits for its next symbol, others are at work.</summary>
    /// <param name="decoders">Each at the beginning of a codeword, and afterwards at the beginning of the next.</param>
    /// <param name="states">Working memory for each, which also takes its symbols.</param>
    /// <param name="ends">Takes the bit where each codeword ended.</param>
    internal void Decode(Span<RangeDecoder> decoders, ReadOnlySpan<ContextState> states, Span<long> ends)
    {
        foreach (var state in states)
        {
            Start(state);
        }

        for (var cell = 0; cell < Shape.Cells; cell++)
        {
            for (var i = 0; i < states.Length; i++)
            {
                DecodeSymbol(ref decoders[i], states[i], cell);
            }
        }

        for (var i = 0; i < states.Length; i++)
        {
            ends[i] = decoders[i].EndCodeword();
        }
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
            cells.Add(FrequenciesAt(state, cell));
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

    private void EncodeSymbol(RangeEncoder encoder, ContextState state, int cell, int symbol)
    {
        var sees = Look(state, cell);
        var rest = RangeEncoder.Total;
        for (var level = 0; level < symbol; level++)
        {
            rest -= Part(state, cell, sees, rest, level);
        }

        encoder.Encode(RangeEncoder.Total - rest, Part(state, cell, sees, rest, symbol));
    }

    private void DecodeSymbol(ref RangeDecoder decoder, ContextState state, int cell)
    {
        var sees = Look(state, cell);
        var rest = RangeEncoder.Total;
        for (var level = 0; ; level++)
        {
            var part = Part(state, cell, sees, rest, level);
            if (level == _lastLevel || !decoder.IsAtLeast(RangeEncoder.Total - rest + part))
            {
                decoder.Consume(RangeEncoder.Total - rest, part);
                state.Symbols[cell] = (byte)level;
                Spread(state, cell, level);
                return;
            }

            rest -= part;
        }
    }

    private uint[] FrequenciesAt(ContextState state, int cell)
    {
        var sees = Look(state, cell);
        var (frequencies, rest) = (new uint[Shape.Levels], RangeEncoder.Total);
        for (var level = 0; level <= _lastLevel; level++)
        {
            frequencies[level] = Part(state, cell, sees, rest, level);
            rest -= frequencies[level];
        }

        return frequencies;
    }

    // Where a cell sees no ink, all is known beforehand.
    private bool Look(ContextState state, int cell)
    {
        var sees = state.SeesInk[cell];
        if (sees)
        {
            Evaluate(state, cell);
        }

        return sees;
    }

    private uint Part(ContextState state, int cell, bool sees, uint rest, int level)
    {
        if (level == _lastLevel)
        {
            return rest;
        }

        var probability = sees ? Probability(state, level) : _withoutInk[cell * _lastLevel + level];
        return LevelFrequencies.Part(rest, probability, _lastLevel - level);
    }

    private ushort Probability(ContextState state, int level) => Logistic.Probability(_third.Sum(state.Activations2, level));

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
                Int16Vectors.Add(state.Sums.AsSpan(target * Shape.Hidden, cells * Shape.Hidden), _tables.NeighbourWeights(symbol, y - row, first - column, cells));
            }
        }
    }

    private void Evaluate(ContextState state, int cell)
    {
        Int16Vectors.Rectify(state.Sums.AsSpan(cell * Shape.Hidden, Shape.Hidden), state.Activations, IntegerLayer.LargestActivation);
        _second.Apply(state.Activations, state.Sums2);
        Int16Vectors.Rectify(state.Sums2, state.Activations2, 0, IntegerLayer.LargestActivation);
    }
}
