namespace Autoencoders.Compression;

/// <summary>The measures of a <see cref="VaeNetwork"/>.</summary>
/// <param name="Hidden">Channels of the hidden layers of both networks: 1 to 256.</param>
/// <param name="Latents">Latent variables of each of the 7x7 cells of 4x4 pixels: 1 to 16.</param>
public sealed record VaeShape(int Hidden, int Latents)
{
    /// <summary>Cells of an image, and the latent variables of all of them.</summary>
    internal const int Cells = 49;

    /// <summary>Numbers that say how a pixel is distributed: how probable background is beside the rest, and middle and width of the rest.</summary>
    internal const int PixelParameters = 3;

    /// <summary>Pixels of a cell.</summary>
    internal const int CellPixels = AnalysisNetwork.Block * AnalysisNetwork.Block;

    /// <summary>The layers of the two networks by their names, and the channels that they take and give.</summary>
    internal IReadOnlyList<(string Name, int Inputs, int Outputs)> Layers =>
    [
        ("encoder1", CellPixels, Hidden), ("encoder2", Hidden, Hidden), ("encoder3", Hidden, 2 * Latents),
        ("decoder1", Latents, Hidden), ("decoder2", Hidden, Hidden), ("decoder3", Hidden, CellPixels * PixelParameters),
    ];

    /// <summary>Refuses measures that no model can have.</summary>
    /// <exception cref="ArgumentException">A measure is out of bounds; the message names it.</exception>
    public void Check()
    {
        if (Hidden is < 1 or > 256)
        {
            throw new ArgumentException($"A variational autoencoder's {nameof(Hidden)} is 1 to 256, not {Hidden}.", nameof(Hidden));
        }

        if (Latents is < 1 or > 16)
        {
            throw new ArgumentException($"A variational autoencoder's {nameof(Latents)} is 1 to 16, not {Latents}.", nameof(Latents));
        }
    }
}
