using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>
/// Text in pictures, stamped from a strip of letters in the library. A system's own fonts differ from machine to
/// machine, or are missing: with the strip a picture is the same everywhere.
/// </summary>
internal static class PixelFont
{
    /// <summary>The height of a line of text in pixels.</summary>
    public const int Height = 18;

    private static readonly string Letters = string.Concat(Enumerable.Range(32, 95).Select(c => (char)c)) + "×±–—−·²°µ…→";
    private static readonly SKBitmap Strip = LoadStrip();
    private static readonly int[][] Starts = [FindStarts(0), FindStarts(Height)];

    /// <summary>The width of <paramref name="text"/> in pixels.</summary>
    public static int Measure(string text, bool bold = false) => text.Sum(letter => Box(letter, bold).Width);

    /// <summary>Draws <paramref name="text"/> with its upper left corner at (x, y).</summary>
    public static void Draw(SKCanvas canvas, string text, int x, int y, SKColor color, bool bold = false)
    {
        // An alpha-only bitmap takes the colour of the paint.
        using var paint = new SKPaint { Color = color };
        foreach (var letter in text)
        {
            var box = Box(letter, bold);
            canvas.DrawBitmap(Strip, box, SKRect.Create(x, y, box.Width, box.Height), paint);
            x += box.Width;
        }
    }

    private static SKRectI Box(char letter, bool bold)
    {
        var index = Letters.IndexOf(letter, StringComparison.Ordinal);
        var starts = Starts[bold ? 1 : 0];
        index = index < 0 ? Letters.IndexOf('?', StringComparison.Ordinal) : index;
        return new SKRectI(starts[index], bold ? Height + 1 : 1, starts[index + 1], bold ? 2 * Height : Height);
    }

    private static int[] FindStarts(int row) => [.. Enumerable.Range(0, Strip.Width).Where(x => Strip.GetPixel(x, row).Alpha == 255)];

    private static SKBitmap LoadStrip()
    {
        using var file = typeof(PixelFont).Assembly.GetManifestResourceStream("Autoencoders.Display.Font.inter-13.png")!;
        using var gray = SKBitmap.Decode(file);
        var alpha = new SKBitmap(new SKImageInfo(gray.Width, gray.Height, SKColorType.Alpha8));
        gray.GetPixelSpan().CopyTo(alpha.GetPixelSpan());
        return alpha;
    }
}
