namespace Autoencoders.Compression;

/// <summary>
/// Looks, image by image, for symbols that cost less: bits + lambda · squared error, where the bits are those of the context model and the
/// error is that of the pixels that the decoder will draw. Symbols go up or down by one level wherever that makes the sum smaller,
/// until no single step does.
/// </summary>
/// <remarks>
/// The analysis network sees neither the context model's choice nor what the synthesis network makes of it. Known as rate-distortion
/// optimised quantisation: A. Ortega, K. Ramchandran, "Rate-distortion methods for image and video compression", IEEE Signal Processing
/// Magazine 15 (1998). Whatever it finds, any decoder reads.
/// </remarks>
internal sealed class SymbolSearch
{
    private const int Passes = 4;
    private const double Unit = 1.0 / (byte.MaxValue * byte.MaxValue);

    private readonly IntegerSynthesis _synthesis;
    private readonly SynthesisState _state;
    private readonly SymbolCosts _costs;
    private readonly ContextShape _shape;
    private readonly byte[] _drawn = new byte[28 * 28];

    /// <summary>Working memory for one thread.</summary>
    public SymbolSearch(ContextModel context, IntegerSynthesis synthesis)
    {
        (_synthesis, _state, _costs, _shape) = (synthesis, synthesis.CreateState(), new SymbolCosts(context), context.Shape);
    }

    /// <summary>Improves the symbols of one image.</summary>
    /// <param name="symbols">The grid, row by row.</param>
    /// <param name="pixels">28x28 bytes: the image that they stand for.</param>
    /// <param name="lambda">How many bits a unit of squared error is worth, pixels in [0, 1].</param>
    public void Improve(Span<byte> symbols, ReadOnlySpan<byte> pixels, double lambda)
    {
        _costs.Start(symbols);
        var cost = Cost(pixels, lambda);
        Span<bool> due = stackalloc bool[_shape.Cells];
        due.Fill(true);
        for (var pass = 0; pass < Passes; pass++)
        {
            var better = false;
            for (var cell = 0; cell < symbols.Length; cell++)
            {
                if (due[cell] && NearInk(cell))
                {
                    due[cell] = false;
                    better |= Improve(cell, pixels, lambda, ref cost, due);
                }
            }

            if (!better)
            {
                break;
            }
        }

        _costs.Symbols.CopyTo(symbols);
    }

    private bool Improve(int cell, ReadOnlySpan<byte> pixels, double lambda, ref double cost, Span<bool> due)
    {
        var symbol = _costs.Symbols[cell];
        foreach (var other in (ReadOnlySpan<int>)[symbol - 1, symbol + 1])
        {
            if (other < 0 || other >= _shape.Levels)
            {
                continue;
            }

            _costs.Try(cell, other);
            // The error cannot fall below zero, so many a try needs no picture.
            if (_costs.Total < cost && Cost(pixels, lambda) is var changed && changed < cost)
            {
                cost = changed;
                MarkAround(cell, due);
                return true;
            }

            _costs.TakeBack();
        }

        return false;
    }

    private double Cost(ReadOnlySpan<byte> pixels, double lambda)
    {
        _synthesis.Draw(_costs.Symbols, _drawn, _state);
        var error = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var difference = pixels[i] - _drawn[i];
            error += difference * difference;
        }

        return _costs.Total + lambda * Unit * error;
    }

    // Far from any ink, ink costs many bits and is wrong.
    private bool NearInk(int cell)
    {
        var (row, column) = Math.DivRem(cell, _shape.Grid);
        for (var y = Math.Max(0, row - 1); y <= Math.Min(_shape.Grid - 1, row + 1); y++)
        {
            for (var x = Math.Max(0, column - 1); x <= Math.Min(_shape.Grid - 1, column + 1); x++)
            {
                if (_costs.Symbols[y * _shape.Grid + x] != 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void MarkAround(int cell, Span<bool> due)
    {
        const int reach = 2;
        var (row, column) = Math.DivRem(cell, _shape.Grid);
        for (var y = Math.Max(0, row - reach); y <= Math.Min(_shape.Grid - 1, row + reach); y++)
        {
            due.Slice(y * _shape.Grid + Math.Max(0, column - reach), Math.Min(_shape.Grid - 1, column + reach) - Math.Max(0, column - reach) + 1).Fill(true);
        }
    }
}
