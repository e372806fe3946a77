namespace Autoencoders.Compression;

/// <summary>The working memory of a <see cref="ContextModel"/> while it goes through an image: one for each image at work.</summary>
public sealed class ContextState
{
    internal ContextState(ContextShape shape, int padded2)
    {
        Sums = new short[shape.Cells * shape.Hidden];
        SeesInk = new bool[shape.Cells];
        Symbols = new byte[shape.Cells];
        Activations = new short[shape.Hidden];
        Sums2 = new int[padded2];
        Activations2 = new short[IntegerOutputs.Padded(padded2)];
    }

    /// <summary>(cells, hidden): the first layer before its activation, as far as the symbols are known.</summary>
    internal short[] Sums { get; }

    /// <summary>Whether any symbol before a cell that it can see is not background.</summary>
    internal bool[] SeesInk { get; }

    /// <summary>The symbols that were read.</summary>
    internal byte[] Symbols { get; }

    internal short[] Activations { get; }

    internal int[] Sums2 { get; }

    internal short[] Activations2 { get; }

    internal void Start(ReadOnlySpan<short> positionBias)
    {
        positionBias.CopyTo(Sums);
        Array.Clear(SeesInk);
    }
}
