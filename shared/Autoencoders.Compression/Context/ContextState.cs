namespace Autoencoders.Compression;

/// <summary>The working memory of a <see cref="ContextModel"/> while it goes through an image: one for each image at work.</summary>
public sealed class ContextState
{
    internal ContextState(ContextShape shape)
    {
        Shape = shape;
        Sums = new AlignedShorts(shape.Grid * shape.PaddedGrid * shape.Hidden);
        SeesInk = new ulong[shape.Grid];
        Symbols = new byte[shape.Cells];
    }

    /// <summary>The measures of the models that it suits.</summary>
    internal ContextShape Shape { get; }

    /// <summary>(grid, grid and a margin to either side, hidden): the first layer before its activation, as far as the symbols are known.</summary>
    internal AlignedShorts Sums { get; }

    /// <summary>For each row, and in it bit by bit for each column, the left margin included: whether any symbol before that cell that it can see is not background.</summary>
    internal ulong[] SeesInk { get; }

    /// <summary>The symbols that were read, and zeros.</summary>
    internal byte[] Symbols { get; }

    /// <summary>The row of the next symbol to read.</summary>
    internal int Row { get; set; }

    /// <summary>The column of the next symbol to read.</summary>
    internal int Column { get; set; }

    internal void Start(AlignedShorts background)
    {
        background.Span.CopyTo(Sums.Span);
        Array.Clear(SeesInk);
        Array.Clear(Symbols);
        (Row, Column) = (0, 0);
    }
}
