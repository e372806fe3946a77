namespace Autoencoders.Compression;

/// <summary>The working memory of an <see cref="IntegerSynthesis"/>: one for each thread.</summary>
internal sealed class SynthesisState(int width, int pixels)
{
    private const int Cells = IntegerConvolution.Side * IntegerConvolution.Side, PaddedCells = IntegerConvolution.PaddedSide * IntegerConvolution.PaddedSide;

    /// <summary>(9, 9, width): what the border holds is never read.</summary>
    public AlignedShorts Sums { get; } = new(PaddedCells * width);

    /// <summary>(9, 9, width): the border stays zero.</summary>
    public short[] Activations { get; } = new short[PaddedCells * width];

    /// <summary>(7, 7, width).</summary>
    public int[] Sums2 { get; } = new int[Cells * width];

    /// <summary>(9, 9, width): the border stays zero.</summary>
    public short[] Activations2 { get; } = new short[PaddedCells * width];

    /// <summary>(7, 7, pixels).</summary>
    public int[] Pixels { get; } = new int[Cells * pixels];
}
