namespace Autoencoders.Compression;

/// <summary>The measures of a <see cref="CompressiveAutoencoder"/>.</summary>
public sealed record CompressiveAutoencoderOptions
{
    /// <summary>The code has Grid x Grid symbols: 14, a symbol for every 2x2 pixels, or 28, one for every pixel.</summary>
    public int Grid { get; init; } = 14;

    /// <summary>A symbol is a number from 0 to Levels - 1.</summary>
    public int Levels { get; init; } = 4;

    private const int LargestWidth = 512, LargestDepth = 16;

    /// <summary>Channels of the analysis network: 1 to 512.</summary>
    public int AnalysisWidth { get; init; } = 64;

    /// <summary>Hidden layers of the analysis network: 1 to 16.</summary>
    public int AnalysisDepth { get; init; } = 3;

    /// <summary>Channels of the synthesis network, 1 to 512: what decoding costs grows with their square.</summary>
    public int SynthesisWidth { get; init; } = 48;

    /// <summary>How many rows of symbols above one its prediction looks at.</summary>
    public int ContextRows { get; init; } = 6;

    /// <summary>How many columns of symbols to either side of one its prediction looks at.</summary>
    public int ContextColumns { get; init; } = 6;

    /// <summary>Units of the first layer of the prediction: a multiple of 16.</summary>
    public int ContextHidden { get; init; } = 32;

    /// <summary>Units of the second layer of the prediction: a multiple of 8.</summary>
    public int ContextHidden2 { get; init; } = 32;

    /// <summary>Seeds the initial weights, and with them torch's global random state.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>The measures of the context model alone.</summary>
    public ContextShape ContextShape => new(Grid, Levels, ContextRows, ContextColumns, ContextHidden, ContextHidden2);

    /// <summary>Refuses measures of the two networks that no codec can have.</summary>
    /// <exception cref="ArgumentException">A measure is out of bounds; the message names it.</exception>
    internal static void Check(int analysisWidth, int analysisDepth, int synthesisWidth)
    {
        Require(nameof(AnalysisWidth), analysisWidth, LargestWidth);
        Require(nameof(AnalysisDepth), analysisDepth, LargestDepth);
        Require(nameof(SynthesisWidth), synthesisWidth, LargestWidth);
    }

    private static void Require(string name, int value, int largest)
    {
        if (value < 1 || value > largest)
        {
            throw new ArgumentException($"A codec's {name} is 1 to {largest}, not {value}.", name);
        }
    }
}
