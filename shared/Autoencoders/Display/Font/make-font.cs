// Draws the strip of letters that PixelFont reads, from the Inter typeface (SIL Open Font License 1.1, LICENSE.txt):
//
//     npm pack @fontsource/inter@5.3.0 && tar xzf fontsource-inter-5.3.0.tgz
//     dotnet run shared/Autoencoders/Display/Font/make-font.cs -- package/files shared/Autoencoders/Display/Font/inter-13.png
//
// Two strips, regular above semi-bold, each 18 pixels high. The first pixel row of a strip marks where a letter begins.
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false
using SkiaSharp;

const int height = 18, baseline = 14;
var letters = string.Concat(Enumerable.Range(32, 95).Select(c => (char)c)) + "×±–—−·²°µ…→";
string[] faces = ["inter-latin-400-normal.woff", "inter-latin-600-normal.woff"];

using var bitmap = new SKBitmap(new SKImageInfo(1200, height * faces.Length, SKColorType.Gray8, SKAlphaType.Opaque));
using var canvas = new SKCanvas(bitmap);
canvas.Clear(SKColors.Black);
var width = 0;
for (var face = 0; face < faces.Length; face++)
{
    using var font = new SKFont(SKTypeface.FromFile(Path.Combine(args[0], faces[face])), 13) { Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };
    using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true, StrokeWidth = 1.2f + 0.4f * face };
    float x = 0, top = face * height;
    foreach (var letter in letters)
    {
        canvas.DrawPoint(x, top, SKColors.White);
        x += letter == '→' ? Arrow(canvas, paint, x, top + 9.5f) : Letter(canvas, font, paint, letter, x, top + baseline);
    }

    canvas.DrawPoint(x, top, SKColors.White);
    width = Math.Max(width, (int)x + 1);
}

using var strip = new SKBitmap();
bitmap.ExtractSubset(strip, SKRectI.Create(width, bitmap.Height));
using var png = strip.Encode(SKEncodedImageFormat.Png, 100);
File.WriteAllBytes(args[1], png.ToArray());
Console.WriteLine($"{letters.Length} letters, {strip.Width}x{strip.Height} pixels, {png.Size} bytes");

static float Letter(SKCanvas canvas, SKFont font, SKPaint paint, char letter, float x, float y)
{
    canvas.DrawText(letter.ToString(), x, y, font, paint);
    return MathF.Max(1, MathF.Round(font.MeasureText(letter.ToString())));
}

// The package's Latin face has no arrow.
static float Arrow(SKCanvas canvas, SKPaint paint, float x, float y)
{
    canvas.DrawLine(x + 1.5f, y, x + 11, y, paint);
    canvas.DrawLine(x + 7.5f, y - 3.5f, x + 11, y, paint);
    canvas.DrawLine(x + 7.5f, y + 3.5f, x + 11, y, paint);
    return 13;
}
