using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Data;

/// <summary>Labelled grey images, kept as bytes until a batch needs floats: 0 is background, 255 full ink.</summary>
public sealed class ImageSet
{
    /// <summary>Wraps <paramref name="pixels"/> and <paramref name="labels"/> without copying them.</summary>
    /// <param name="pixels">The images one after the other, each row by row from the top.</param>
    /// <param name="labels">One class for each image.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <exception cref="ArgumentException">There are not exactly <paramref name="height"/> x <paramref name="width"/> pixels for each label.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The height or the width is not positive.</exception>
    public ImageSet(byte[] pixels, byte[] labels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (pixels.LongLength != (long)labels.Length * height * width)
        {
            throw new ArgumentException(
                $"{labels.Length} labels need {labels.Length} images of {height} x {width} pixels, which is not {pixels.Length} bytes.", nameof(pixels));
        }

        (Pixels, Labels, Height, Width) = (pixels, labels, height, width);
    }

    /// <summary>How many images there are.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>All pixels: image by image, row by row.</summary>
    public byte[] Pixels { get; }

    /// <summary>The class of each image.</summary>
    public byte[] Labels { get; }

    /// <summary>The pixels of one image, row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no image with this <paramref name="index"/>.</exception>
    public ReadOnlySpan<byte> Image(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The set has {Count} images, counted from 0.");
        }

        return Pixels.AsSpan(index * Height * Width, Height * Width);
    }

    /// <summary>All images as floats: (N, 1, H, W), float32, byte / 255, so in [0, 1].</summary>
    public Tensor ToTensor()
    {
        using var bytes = ToBytes();
        using var floats = bytes.to_type(ScalarType.Float32);
        return floats.div(255f);
    }

    /// <summary>The images at <paramref name="indices"/>, in that order, as floats: (N, 1, H, W), float32, in [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the set.</exception>
    public Tensor ToTensor(ReadOnlySpan<int> indices) => Select(indices).ToTensor();

    /// <summary>All images as they are stored: (N, 1, H, W), uint8.</summary>
    public Tensor ToBytes() => torch.tensor(Pixels, [Count, 1, Height, Width], dtype: ScalarType.Byte);

    /// <summary>All labels: (N), int64.</summary>
    public Tensor LabelsToTensor() => torch.tensor(Array.ConvertAll(Labels, label => (long)label));

    /// <summary>A new set of the images at <paramref name="indices"/>, in that order; an index may come more than once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the set.</exception>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        var pixels = new byte[checked(indices.Length * Height * Width)];
        var labels = new byte[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * Height * Width));
            labels[i] = Labels[indices[i]];
        }

        return new ImageSet(pixels, labels, Height, Width);
    }

    /// <summary>The first <paramref name="count"/> images, or all where there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public ImageSet Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        count = Math.Min(count, Count);
        return new ImageSet(Pixels[..(count * Height * Width)], Labels[..count], Height, Width);
    }

    /// <summary>The images of one class, in the order of the set.</summary>
    public ImageSet WithLabel(int label) => Select([.. Enumerable.Range(0, Count).Where(i => Labels[i] == label)]);
}
