
namespace Autoencoders.Compression;

/// <summary>The measures of a <see cref="CompressiveAutoencoder"/>.</summary>
public sealed record CompressiveAutoencoderOptions
{
    /// <summary>The code has Grid x Grid symbols: 14, a symbol for every 2x2 pixels, or 28, one for every pixel.</summary>
    public int Grid { get; init; } = 14;

    /// <summary>A symbol is a number from 0 to Levels - 1.</summary>
    public int Levels { get; init; } = 4;

    /// <summary>Channels of the analysis network.</summary>
    public int AnalysisWidth { get; init; } = 64;

    /// <summary>Hidden layers of the analysis network.</summary>
    public int AnalysisDepth { get; init; } = 3;

    /// <summary>Channels of the synthesis network: what decoding costs grows with their square.</summary>
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
}
