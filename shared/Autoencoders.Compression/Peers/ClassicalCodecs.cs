using System.Runtime.InteropServices;
using Autoencoders.Data;
using SkiaSharp;

namespace Autoencoders.Compression;

/// <summary>JPEG, PNG and WebP as a user has them at hand: SkiaSharp's, one file for each grey image.</summary>
public static class ClassicalCodecs
{
    private const int LargestSide = 4096;

    /// <summary>Writes one image to a file.</summary>
    /// <param name="pixels">Row by row: 0 is black, 255 white.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="format">Jpeg, Png or Webp.</param>
    /// <param name="quality">From 0, the smallest file, to 100, with which WebP loses nothing; PNG, without loss, ignores it.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="ArgumentException">The pixels are no whole rows.</exception>
    /// <exception cref="NotSupportedException">SkiaSharp does not write this format here.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, SKEncodedImageFormat format, int quality)
    {
        if (pixels.IsEmpty || width < 1 || pixels.Length % width != 0)
        {
            throw new ArgumentException($"{pixels.Length} pixels are no whole rows of {width}.", nameof(pixels));
        }

        using var bitmap = new SKBitmap(new SKImageInfo(width, pixels.Length / width, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var row = 0; row < bitmap.Height; row++)
        {
            pixels.Slice(row * width, width).CopyTo(bitmap.GetPixelSpan()[(row * bitmap.RowBytes)..]);
        }

        using var file = bitmap.Encode(format, quality) ?? throw new NotSupportedException($"SkiaSharp does not write {format} here.");
        return file.ToArray();
    }

    /// <summary>All images in one picture, as many side by side as makes it about as wide as high; what is left over is background.</summary>
    /// <param name="images">At least one image.</param>
    /// <returns>The picture, row by row, and the pixels of a row.</returns>
    public static (byte[] Pixels, int Width) Mosaic(ImageSet images)
    {
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        var columns = (int)Math.Ceiling(Math.Sqrt(images.Count));
        var (width, picture) = (columns * images.Width, new byte[(images.Count + columns - 1) / columns * columns * images.Width * images.Height]);
        for (var row = 0; row < images.Count * images.Height; row++)
        {
            var (image, line) = Math.DivRem(row, images.Height);
            images.Image(image).Slice(line * images.Width, images.Width).CopyTo(picture.AsSpan((image / columns * images.Height + line) * width + image % columns * images.Width));
        }

        return (picture, width);
    }

    /// <summary>Reads one image.</summary>
    /// <param name="file">The bytes of a file.</param>
    /// <returns>The grey values, row by row.</returns>
    /// <exception cref="FormatException">These are no bytes of a whole image of at most 4096x4096 pixels.</exception>
    public static byte[] Decode(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw new FormatException("These bytes are no image that SkiaSharp can read.");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        if (info.Width > LargestSide || info.Height > LargestSide)
        {
            throw new FormatException($"The image has {info.Width}x{info.Height} pixels, and at most {LargestSide}x{LargestSide} are read.");
        }

        var colours = new byte[info.BytesSize];
        var handle = GCHandle.Alloc(colours, GCHandleType.Pinned);
        try
        {
            if (codec.GetPixels(info, handle.AddrOfPinnedObject()) is not SKCodecResult.Success and var result)
            {
                throw new FormatException($"These bytes are no whole image: {result}.");
            }
        }
        finally
        {
            handle.Free();
        }

        return Grey(colours);
    }

    // The grey images come back with equal red, green and blue, up to the rounding of a format's colour space.
    private static byte[] Grey(byte[] colours)
    {
        var grey = new byte[colours.Length / 4];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = colours[4 * i + 1];
        }

        return grey;
    }
}
