namespace Autoencoders.Compression;

/// <summary>The working memory of a <see cref="ContextModel"/> while it goes through an image: one for each thread.</summary>
public sealed class ContextState
{
    internal ContextState(ContextShape shape, int padded2, int padded3)
    {
        Sums = new short[shape.Cells * shape.Hidden];
        SeesInk = new bool[shape.Cells];
        Activations = new short[shape.Hidden];
        Activations2 = new short[padded2];
        (Sums2, Sums3) = (new int[padded2], new int[padded3]);
        Probabilities = new ushort[shape.Levels - 1];
    }

    /// <summary>(cells, hidden): the first layer before its activation, as far as the symbols are known.</summary>
    internal short[] Sums { get; }

    /// <summary>Whether any symbol before a cell that it can see is not background.</summary>
    internal bool[] SeesInk { get; }

    internal short[] Activations { get; }

    internal short[] Activations2 { get; }

    internal int[] Sums2 { get; }

    internal int[] Sums3 { get; }

    internal ushort[] Probabilities { get; }

    internal void Start(ReadOnlySpan<short> positionBias)
    {
        positionBias.CopyTo(Sums);
        Array.Clear(SeesInk);
    }
}
