using Autoencoders.Data;

namespace Autoencoders.Compression.Tests;

/// <summary>Small things to compress, and small codecs to do it with.</summary>
internal static class TestCodec
{
    /// <summary>Networks that are trained in no time.</summary>
    public static readonly CompressiveAutoencoderOptions Small = new()
    {
        AnalysisWidth = 8,
        AnalysisDepth = 1,
        SynthesisWidth = 8,
        ContextRows = 2,
        ContextColumns = 3,
        ContextHidden = 16,
        ContextHidden2 = 8,
    };

    public static ImageSet Digits(int count) => MnistDataset.LoadSample().Test.Take(count);

    /// <summary>A codec as it is before training: it codes badly, but everything it writes must be readable.</summary>
    public static ImageCodec Untrained(string name = "untrained", int grid = 14, int levels = 4, int seed = 42)
    {
        using var model = new CompressiveAutoencoder(Small with { Grid = grid, Levels = levels, Seed = seed });
        return ImageCodec.From(model, name);
    }

    /// <summary>Images that no digit looks like.</summary>
    public static ImageSet Strange()
    {
        var random = new Random(3);
        var digits = Digits(2);
        var noise = new byte[784];
        random.NextBytes(noise);
        byte[] pixels =
        [
            .. new byte[784],
            .. Enumerable.Repeat((byte)255, 784),
            .. noise,
            .. noise.Select(value => value < 128 ? (byte)0 : (byte)255),
            .. Enumerable.Range(0, 784).Select(i => (i / 28 + i) % 2 == 0 ? (byte)255 : (byte)0),
            .. digits.Pixels.Select(value => (byte)(255 - value)),
        ];
        return new ImageSet(pixels, new byte[pixels.Length / 784], 28, 28);
    }
}
