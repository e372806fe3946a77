using System.Text.Json.Nodes;
using SkiaSharp;
using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>A slider over the rates of a codec, with the same images by other codecs below, in the browser.</summary>
public sealed class RateSlider : LiveFigure
{
    private const int Columns = 5;

    private RateSlider(string hint, JsonObject data, DigitGrid still)
        : base("rate-slider", "Spend bytes", hint, data, still.ToPng())
    {
    }

    /// <summary>A slider.</summary>
    /// <param name="originals">(N, 1, H, W) in [0, 1]: a few images, such as ten.</param>
    /// <param name="codec">The codec whose rates the slider chooses.</param>
    /// <param name="others">Those that are shown for comparison: each at the same size, or its smallest, or at the same quality.</param>
    /// <exception cref="ArgumentException">A codec has no rate, or other images than the originals.</exception>
    public static RateSlider Of(Tensor originals, (string Name, IEnumerable<CodecRate> Rates) codec, params (string Name, IEnumerable<CodecRate> Rates)[] others)
    {
        List<(string Name, List<CodecRate> Rates)> codecs = [.. others.Prepend(codec).Select(c => (c.Name, c.Rates.OrderBy(r => r.Bytes).ToList()))];
        foreach (var (name, rates) in codecs)
        {
            if (rates.Count == 0 || rates.Any(r => !r.Images.shape.SequenceEqual(originals.shape)))
            {
                throw new ArgumentException($"'{name}' needs at least one rate, each with decoded images of the shape of the originals.", nameof(codec));
            }
        }

        var own = codecs[0].Rates;
        var data = new JsonObject
        {
            ["original"] = new JsonObject { ["png"] = Picture(originals), ["size"] = originals.shape[2] * originals.shape[3] },
            ["own"] = Codec(codec.Name, own),
            ["others"] = new JsonArray([.. codecs.Skip(1).Select(other => Beside(own, other.Name, other.Rates))]),
        };
        var few = new[] { own[0], own[own.Count / 2], own[^1] }.Distinct();
        return new(
            "Spend bytes: move the slider, and look for the point from which on you can read every digit. How many bytes does JPEG take for as much?",
            data,
            DigitGrid.Rows([("original", originals), .. few.Select(r => Row(codec.Name, r)), .. codecs.Skip(1).Select(c => Row(c.Name, c.Rates[0]))]));
    }

    private static ImageRow Row(string name, CodecRate rate) => (FormattableString.Invariant($"{name}, {rate.Bytes:F1} bytes"), rate.Images);

    // Another codec with the rates that stand beside those of the slider: as good as the bytes allow, and as small as the quality allows.
    private static JsonObject Beside(List<CodecRate> own, string name, List<CodecRate> rates)
    {
        var sizes = own.ConvertAll(o => rates.Where(r => r.Bytes <= o.Bytes).MaxBy(r => r.Psnr) ?? rates[0]);
        var qualities = own.ConvertAll(o => rates.Where(r => r.Psnr >= o.Psnr).MinBy(r => r.Bytes) ?? rates.MaxBy(r => r.Psnr)!);
        var used = sizes.Concat(qualities).Distinct().ToList();
        var json = Codec(name, used);
        json["size"] = new JsonArray([.. sizes.Select(r => JsonValue.Create(used.IndexOf(r)))]);
        json["quality"] = new JsonArray([.. qualities.Select(r => JsonValue.Create(used.IndexOf(r)))]);
        return json;
    }

    private static JsonObject Codec(string name, List<CodecRate> rates) => new()
    {
        ["name"] = name,
        ["rates"] = new JsonArray([.. rates.Select(r => new JsonObject { ["size"] = r.Bytes, ["psnr"] = r.Psnr, ["png"] = Picture(r.Images) })]),
    };

    // The images in rows without gaps, as a grey PNG.
    private static string Picture(Tensor images)
    {
        var row = ImageRow.Of("", images);
        var lines = (row.Count + Columns - 1) / Columns;
        using var bitmap = new SKBitmap(new SKImageInfo(Columns * row.Width, lines * row.Height, SKColorType.Gray8, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < row.Values.Length; i++)
        {
            var (image, pixel) = Math.DivRem(i, row.Height * row.Width);
            var (line, column) = (image / Columns * row.Height + pixel / row.Width, image % Columns * row.Width + pixel % row.Width);
            pixels[line * bitmap.RowBytes + column] = (byte)MathF.Round(255 * Math.Clamp(row.Values[i], 0, 1));
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return Convert.ToBase64String(png.AsSpan());
    }
}
