namespace Autoencoders.Compression;

/// <summary>What stands for a latent on its way through a <see cref="Quantizer"/>.</summary>
public enum QuantizerMode
{
    /// <summary>The nearest level; no gradient. This is how codes are made.</summary>
    Round,

    /// <summary>The nearest level, with the gradient of no rounding at all (Theis et al. 2017).</summary>
    StraightThrough,

    /// <summary>The latent plus noise between -1/2 and 1/2, which is spread as the error of rounding is, and has a gradient (Ballé et al. 2017).</summary>
    Noise,

    /// <summary>
    /// One of the two nearest levels, drawn the more often the nearer it is: symbols as in use, and a gradient that is
    /// right on average, for it sees both neighbours (stochastic rounding).
    /// </summary>
    Dither,
}
