namespace Autoencoders.Compression;

/// <summary>A model of images in integers: what <see cref="LosslessCodec"/> writes groups of images with.</summary>
internal abstract class LosslessModel
{
    /// <summary>The measures and weights.</summary>
    public abstract LosslessWeights Weights { get; }

    /// <summary>Images in a group, where nothing else is asked for.</summary>
    public abstract int DefaultGroupSize { get; }

    /// <summary>Writes the images of one group.</summary>
    /// <param name="pixels">Image by image, row by row.</param>
    /// <returns>A bit string, first bit highest, and its length.</returns>
    public abstract (byte[] Bytes, long Bits) Encode(ReadOnlySpan<byte> pixels);

    /// <summary>Reads the first images of one group.</summary>
    /// <param name="file">The file.</param>
    /// <param name="group">Which group.</param>
    /// <param name="pixels">Takes the images.</param>
    /// <returns>Whether the group ended as it must; where the images are not all of the group, true.</returns>
    public abstract bool Decode(CompressedImages file, int group, Span<byte> pixels);
}
