namespace Autoencoders.Models;

/// <summary>The variants of <see cref="ConvAutoencoder"/>.</summary>
public sealed record ConvAutoencoderOptions
{
    /// <summary>How many numbers a code has, by a dense layer on either side of it; null for the 16x7x7 = 784 of the convolutions alone.</summary>
    public int? Bottleneck { get; init; }

    /// <summary>Whether the decoder grows the image by transposed convolutions instead of convolution and nearest-neighbour upsampling.</summary>
    public bool TransposedConvolutions { get; init; }

    /// <summary>Seeds the initial weights, and with them torch's global random state.</summary>
    public int Seed { get; init; } = 42;
}
