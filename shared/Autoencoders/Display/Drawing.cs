using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>A white sheet to draw on, which becomes a PNG.</summary>
internal sealed class Drawing : IDisposable
{
    private readonly SKBitmap _bitmap;

    /// <summary>A sheet of <paramref name="width"/> times <paramref name="height"/> pixels.</summary>
    public Drawing(int width, int height)
    {
        _bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Canvas = new SKCanvas(_bitmap);
        Canvas.Clear(Palette.Paper);
    }

    /// <summary>What Skia draws on.</summary>
    public SKCanvas Canvas { get; }

    /// <summary>Draws, then gives the sheet as a PNG file.</summary>
    public static byte[] Png(int width, int height, Action<Drawing> draw)
    {
        using var drawing = new Drawing(width, height);
        draw(drawing);
        drawing.Canvas.Flush();
        // Digits are grey: one channel instead of three makes a picture about 40 % smaller.
        using var gray = drawing.IsGray ? drawing._bitmap.Copy(SKColorType.Gray8) : null;
        using var pixels = (gray ?? drawing._bitmap).PeekPixels();
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 9))!;
        return png.ToArray();
    }

    private bool IsGray
    {
        get
        {
            var bytes = _bitmap.GetPixelSpan();
            for (var i = 0; i < bytes.Length; i += 4)
            {
                if (bytes[i] != bytes[i + 1] || bytes[i] != bytes[i + 2])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>A filled rectangle on whole pixels.</summary>
    public void Fill(int x, int y, int width, int height, SKColor color)
    {
        using var paint = new SKPaint { Color = color };
        Canvas.DrawRect(SKRect.Create(x, y, width, height), paint);
    }

    /// <summary>
    /// Text with its top at <paramref name="y"/>; <paramref name="anchor"/> is the part of its width that lies left
    /// of <paramref name="x"/>: 0 begins there, 0.5 is centred, 1 ends there.
    /// </summary>
    public void Text(string text, int x, int y, double anchor = 0, SKColor? color = null, bool bold = false) =>
        PixelFont.Draw(Canvas, text, x - (int)Math.Round(PixelFont.Measure(text, bold) * anchor), y, color ?? Palette.Ink, bold);

    /// <summary>A straight or bent line.</summary>
    public void Line(IReadOnlyList<SKPoint> points, SKColor color, float width = 1, float[]? dashes = null)
    {
        using var effect = dashes is null ? null : SKPathEffect.CreateDash(dashes, 0);
        using var paint = new SKPaint { Color = color, StrokeWidth = width, IsAntialias = true, IsStroke = true, PathEffect = effect, StrokeJoin = SKStrokeJoin.Round };
        using var path = new SKPath();
        path.AddPoly([.. points], close: false);
        Canvas.DrawPath(path, paint);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Canvas.Dispose();
        _bitmap.Dispose();
    }
}
