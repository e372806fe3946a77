using Autoencoders.Display;
using SkiaSharp;

namespace Autoencoders.Tests.Display;

public sealed class PixelFontTests
{
    [Fact]
    public void Every_letter_is_as_wide_as_it_is_measured_and_in_the_paint_s_colour()
    {
        var colour = new SKColor(0x22, 0x66, 0xaa);
        using var bitmap = new SKBitmap(40, PixelFont.Height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        PixelFont.Draw(canvas, "|", 10, 0, colour, bold: true);
        var inked = Enumerable.Range(0, 40).Where(x => Enumerable.Range(0, PixelFont.Height).Any(y => bitmap.GetPixel(x, y) != SKColors.White)).ToList();

        Assert.InRange(inked.Min(), 10, 10 + PixelFont.Measure("|", bold: true));
        Assert.InRange(inked.Max(), 10, 10 + PixelFont.Measure("|", bold: true));
        Assert.Contains(bitmap.Pixels, p => Math.Abs(p.Red - 0x22) < 60 && Math.Abs(p.Blue - 0xaa) < 40);
    }

    [Fact]
    public void Widths_add_up_and_letters_differ()
    {
        Assert.Equal(PixelFont.Measure("W") + PixelFont.Measure("i"), PixelFont.Measure("Wi"));
        Assert.True(PixelFont.Measure("W") > PixelFont.Measure("i"));
        Assert.True(PixelFont.Measure("reconstruction", bold: true) > PixelFont.Measure("reconstruction"));
    }

    [Fact]
    public void A_letter_that_the_strip_lacks_is_a_question_mark() =>
        Assert.Equal(PixelFont.Measure("?"), PixelFont.Measure("€"));

    [Fact]
    public void All_of_the_strip_s_letters_draw_something()
    {
        var letters = string.Concat(Enumerable.Range(33, 94).Select(c => (char)c)) + "×±–—−·²°µ…→";
        foreach (var letter in letters)
        {
            using var bitmap = new SKBitmap(24, PixelFont.Height);
            using var canvas = new SKCanvas(bitmap);
            canvas.Clear(SKColors.White);
            PixelFont.Draw(canvas, letter.ToString(), 2, 0, SKColors.Black);

            Assert.True(bitmap.Pixels.Any(p => p.Red < 160), $"'{letter}' is empty");
        }
    }
}
