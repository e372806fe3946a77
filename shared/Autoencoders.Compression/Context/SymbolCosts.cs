namespace Autoencoders.Compression;

/// <summary>What the symbols of one image cost, in bits, kept up to date while single symbols are tried in others' places.</summary>
/// <param name="context">The model that they are written with.</param>
internal sealed class SymbolCosts(ContextModel context)
{
    private readonly ContextState _state = context.CreateState();
    private readonly double[] _bits = new double[context.Shape.Cells], _before = new double[context.Shape.Cells];
    private readonly int _grid = context.Shape.Grid;
    private (int Cell, byte Symbol, double Total) _last;

    /// <summary>The whole image.</summary>
    public double Total { get; private set; }

    /// <summary>The symbols as they are now.</summary>
    public ReadOnlySpan<byte> Symbols => _state.Symbols;

    /// <summary>Begins with an image.</summary>
    public void Start(ReadOnlySpan<byte> symbols)
    {
        context.Start(_state);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            context.Replace(_state, cell, symbols[cell]);
        }

        Total = 0;
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            Total += _bits[cell] = context.Bits(_state, cell, symbols[cell]);
        }
    }

    /// <summary>Puts a symbol in another's place.</summary>
    public void Try(int cell, int symbol)
    {
        _last = (cell, _state.Symbols[cell], Total);
        context.Replace(_state, cell, symbol);
        for (var (row, last) = (cell / _grid, LastRow(cell)); row <= last; row++)
        {
            var (from, to) = Seeing(cell, row);
            for (var other = from; other <= to; other++)
            {
                _before[other] = _bits[other];
                _bits[other] = context.Bits(_state, other, _state.Symbols[other]);
                Total += _bits[other] - _before[other];
            }
        }
    }

    /// <summary>Takes the last try back.</summary>
    public void TakeBack()
    {
        context.Replace(_state, _last.Cell, _last.Symbol);
        for (var (row, last) = (_last.Cell / _grid, LastRow(_last.Cell)); row <= last; row++)
        {
            var (from, to) = Seeing(_last.Cell, row);
            _before.AsSpan(from, to - from + 1).CopyTo(_bits.AsSpan(from));
        }

        Total = _last.Total;
    }

    private int LastRow(int cell) => Math.Min(_grid - 1, cell / _grid + context.Shape.Rows);

    // The cells of a row that see the cell, and itself in its own row.
    private (int From, int To) Seeing(int cell, int row)
    {
        var (own, column) = Math.DivRem(cell, _grid);
        var (from, to) = (row == own ? column : Math.Max(0, column - context.Shape.Columns), Math.Min(_grid - 1, column + context.Shape.Columns));
        return (row * _grid + from, row * _grid + to);
    }
}
