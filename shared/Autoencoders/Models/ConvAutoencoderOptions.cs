namespace Autoencoders.Models;

/// <summary>The variants of <see cref="ConvAutoencoder"/>.</summary>
public sealed record ConvAutoencoderOptions
{
    /// <summary>How many numbers a code has, by a dense layer on either side of it; null for the 16x7x7 = 784 of the convolutions alone.</summary>
    public int? Bottleneck { get; init; }

    /// <summary>Whether the decoder grows the image by transposed convolutions instead of convolution and nearest-neighbour upsampling.</summary>
    public bool TransposedConvolutions { get; init; }

    /// <summary>
    /// Whether neighbouring layers are computed together where that is the same function: the first convolution, pooling and ReLU in one pass,
    /// ReLU after pooling instead of before, and the last upsampling and convolution as one product of matrices. Off, every layer is called by itself, as its hooks want it.
    /// </summary>
    public bool CombineLayers { get; init; } = true;

    /// <summary>Whether ReLU overwrites its input, which saves a tensor as large as the one it is given.</summary>
    public bool InPlaceActivations { get; init; } = true;

    /// <summary>Whether weights lie in memory as <see cref="Models.ChannelsLast"/> arranges them.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>Seeds the initial weights, and with them torch's global random state.</summary>
    public int Seed { get; init; } = 42;
}
