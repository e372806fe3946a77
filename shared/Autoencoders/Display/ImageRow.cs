using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>Images that stand beside each other in a <see cref="DigitGrid"/>, under one title.</summary>
public sealed class ImageRow
{
    private ImageRow(string title, ColorMap map, float[] values, int count, int height, int width)
    {
        (Title, Map, Values, Count, Height, Width) = (title, map, values, count, height, width);
    }

    /// <summary>What stands left of the row; may be empty.</summary>
    public string Title { get; }

    /// <summary>How many images there are.</summary>
    public int Count { get; }

    internal ColorMap Map { get; }

    internal float[] Values { get; }

    internal int Height { get; }

    internal int Width { get; }

    internal IReadOnlyList<string> Captions { get; private init; } = [];

    /// <summary>A row of images.</summary>
    /// <param name="title">What stands left of it.</param>
    /// <param name="images">(N, 1, H, W), (N, H, W) or (H, W): real numbers within the map's range, or bytes.</param>
    /// <param name="map">The colours of the values; black to white for 0 to 1 if none is given.</param>
    /// <exception cref="ArgumentException">The tensor has another shape, or no image.</exception>
    public static ImageRow Of(string title, Tensor images, ColorMap? map = null)
    {
        using var scope = NewDisposeScope();
        long[] shape = images.shape, size = shape.Length < 2 ? [] : shape[^2..];
        if (size.Length == 0 || shape.Length > 4 || (shape.Length == 4 && shape[1] != 1))
        {
            throw new ArgumentException($"Images to show have the shape (N, 1, H, W), (N, H, W) or (H, W), not ({string.Join(", ", shape)}).", nameof(images));
        }

        if (images.numel() == 0)
        {
            throw new ArgumentException("There are no images to show.", nameof(images));
        }

        var values = images.dtype == ScalarType.Byte ? images.to(float32) / 255 : images.to(float32);
        var count = (int)(shape.Length == 2 ? 1 : shape[0]);
        return new(title, map ?? ColorMap.Gray, values.detach().cpu().contiguous().data<float>().ToArray(), count, (int)size[0], (int)size[1]);
    }

    /// <summary>The error map: reconstruction minus original, blue where too dark, vermilion where too bright.</summary>
    /// <param name="title">What stands left of it.</param>
    /// <param name="originals">(N, 1, H, W) in [0, 1].</param>
    /// <param name="reconstructions">The same shape, in [0, 1].</param>
    /// <param name="range">The difference that gets the strongest colour.</param>
    public static ImageRow Difference(string title, Tensor originals, Tensor reconstructions, float range = 1)
    {
        using var difference = reconstructions - originals;
        return Of(title, difference, ColorMap.Difference(range));
    }

    /// <summary>Lets a title and a tensor stand for a row.</summary>
    public static implicit operator ImageRow((string Title, Tensor Images) row) => Of(row.Title, row.Images);

    internal ImageRow With(IReadOnlyList<string> captions) =>
        new(Title, Map, Values, Count, Height, Width) { Captions = captions };

    internal ImageRow Slice(int start, int count) =>
        new(Title, Map, Values[(start * Height * Width)..((start + count) * Height * Width)], count, Height, Width) { Captions = [.. Captions.Skip(start).Take(count)] };
}
