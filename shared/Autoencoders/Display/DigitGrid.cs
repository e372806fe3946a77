using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>Images in rows, with titles, captions and the meaning of the colours, as one picture.</summary>
public sealed class DigitGrid : IPicture
{
    private const int Gap = 4, Margin = 8, BarWidth = 160;

    private readonly IReadOnlyList<ImageRow> _rows;
    private readonly int _scale, _column, _titles;
    private readonly string _about;

    private DigitGrid(IReadOnlyList<ImageRow> rows, int scale, string about = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (_rows, _scale, _about) = (rows, scale, about);
        var captions = rows.SelectMany(r => r.Captions).Select(c => PixelFont.Measure(c)).DefaultIfEmpty(0).Max();
        _column = Math.Max(rows.Max(r => r.Width) * scale, captions) + Gap;
        _titles = rows.Max(r => r.Title.Length == 0 ? 0 : PixelFont.Measure(r.Title, bold: true) + 2 * Gap);
    }

    private int Width => Math.Max(2 * Margin + _titles + _rows.Max(r => r.Count) * _column - Gap, Maps.Select(LegendWidth).DefaultIfEmpty(0).Max());

    private int Height => 2 * Margin - Gap + _rows.Sum(RowHeight) + Maps.Count * (PixelFont.Height + Gap);

    private List<ColorMap> Maps => [.. _rows.Select(r => r.Map).Where(m => m != ColorMap.Gray).DistinctBy(m => (m.Low, m.High, m.LowText))];

    /// <summary>Images from left to right and top to bottom.</summary>
    /// <param name="images">(N, 1, H, W) in [0, 1], or bytes.</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="captions">A short text below each image.</param>
    /// <param name="scale">Pixels of the picture for a pixel of an image.</param>
    /// <param name="about">What the images are, for readers who do not see them; without it, the argument as the cell writes it.</param>
    /// <exception cref="ArgumentException">No image, another shape, or not one caption an image.</exception>
    public static DigitGrid Of(Tensor images, int columns = 10, IReadOnlyList<string>? captions = null, int scale = 2, [CallerArgumentExpression(nameof(images))] string about = "") =>
        Wrap(ImageRow.Of("", images), columns, captions, scale, about);

    /// <summary>Rows of images above each other, each with its title: originals above reconstructions, say.</summary>
    /// <param name="rows">Pairs of a title and a tensor (N, 1, H, W) in [0, 1], or an <see cref="ImageRow.Difference"/>.</param>
    /// <exception cref="ArgumentException">No image, or another shape.</exception>
    public static DigitGrid Rows(params ImageRow[] rows) => new(NotEmpty(rows), scale: 2);

    /// <summary>The channels of a code, each as an image, in colours from its lowest to its highest number.</summary>
    /// <param name="code">(C, H, W).</param>
    /// <param name="columns">How many stand in a row.</param>
    /// <param name="scale">Pixels of the picture for a number of the code.</param>
    /// <param name="about">Whose channels they are, for readers who do not see them; without it, the argument as the cell writes it.</param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static DigitGrid FeatureMaps(Tensor code, int columns = 8, int scale = 8, [CallerArgumentExpression(nameof(code))] string about = "")
    {
        using var scope = NewDisposeScope();
        var map = ColorMap.Viridis(code.min().to(float32).item<float>(), code.max().to(float32).item<float>());
        return Wrap(ImageRow.Of("", code, map), columns, null, scale, $"feature maps of {about}");
    }

    /// <summary>The same grid with a short text under each column, or under each image of the last row.</summary>
    /// <exception cref="ArgumentException">Not one caption an image.</exception>
    public DigitGrid WithCaptions(params IReadOnlyList<string> captions) =>
        new([.. _rows.SkipLast(1), Captioned(_rows[^1], captions)], _scale, _about);

    /// <summary>The same grid with another size: pixels of the picture for a pixel of an image.</summary>
    public DigitGrid WithScale(int scale) => new(_rows, scale, _about);

    /// <inheritdoc/>
    public byte[] ToPng() => Drawing.Png(Width, Height, drawing =>
    {
        var y = Margin;
        foreach (var row in _rows)
        {
            DrawRow(drawing, row, y);
            y += RowHeight(row);
        }

        foreach (var map in Maps)
        {
            DrawLegend(drawing, map, y);
            y += PixelFont.Height + Gap;
        }
    });

    /// <inheritdoc/>
    public string ToHtml() => Html.Image(ToPng(), ToString());

    /// <summary>What the picture shows, in words: how many images, their titles or what they are, the captions and the colours.</summary>
    public override string ToString()
    {
        var count = _rows.Sum(r => r.Count);
        var titles = _rows.Where(r => r.Title.Length > 0).Select(r => r.Title).ToList();
        var captions = string.Join(", ", _rows.SelectMany(r => r.Captions));
        var images = string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "image" : "images")} of {_rows[0].Height}×{_rows[0].Width} pixels");
        var what = titles.Count > 0 ? $" in rows: {string.Join("; ", titles)}" : _about.Length > 0 ? $": {_about}" : "";
        return string.Join(". ", [images + what, .. captions.Length > 0 ? [$"Captions: {captions}"] : Array.Empty<string>(), .. Maps.Select(map => $"Colours: {LowLabel(map)} to {HighLabel(map)}")]);
    }

    private static DigitGrid Wrap(ImageRow images, int columns, IReadOnlyList<string>? captions, int scale, string about)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        var all = captions is null ? images : Captioned(images, captions);
        return new(NotEmpty([.. Enumerable.Range(0, (all.Count + columns - 1) / columns).Select(row => all.Slice(row * columns, Math.Min(columns, all.Count - row * columns)))]), scale, string.Join(' ', about.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    private static ImageRow Captioned(ImageRow row, IReadOnlyList<string> captions) => captions.Count == row.Count
        ? row.With(captions)
        : throw new ArgumentException($"{captions.Count} captions were given for {row.Count} images: give one for each.", nameof(captions));

    private static ImageRow[] NotEmpty(ImageRow[] rows) =>
        rows.Length > 0 ? rows : throw new ArgumentException("There are no images to show.", nameof(rows));

    private int RowHeight(ImageRow row) => row.Height * _scale + Gap + (row.Captions.Count > 0 ? PixelFont.Height : 0);

    private void DrawRow(Drawing drawing, ImageRow row, int y)
    {
        drawing.Text(row.Title, Margin, y + (row.Height * _scale - PixelFont.Height) / 2, bold: true);
        for (var i = 0; i < row.Count; i++)
        {
            var x = Margin + _titles + i * _column + (_column - Gap - row.Width * _scale) / 2;
            DrawImage(drawing, row, i, x, y);
            if (row.Captions.Count > 0)
            {
                drawing.Text(row.Captions[i], x + row.Width * _scale / 2, y + row.Height * _scale, 0.5);
            }
        }
    }

    private void DrawImage(Drawing drawing, ImageRow row, int index, int left, int top)
    {
        var pixels = row.Values.AsSpan(index * row.Height * row.Width, row.Height * row.Width);
        if (row.Map != ColorMap.Gray)
        {
            // A map whose zero is white has no edge of its own on white paper.
            drawing.Fill(left - 1, top - 1, row.Width * _scale + 2, row.Height * _scale + 2, Palette.Grid);
        }

        for (var i = 0; i < pixels.Length; i++)
        {
            drawing.Fill(left + i % row.Width * _scale, top + i / row.Width * _scale, _scale, _scale, row.Map.At(pixels[i]));
        }
    }

    private static int LegendWidth(ColorMap map) =>
        2 * Margin + BarWidth + 4 * Gap + PixelFont.Measure(LowLabel(map)) + PixelFont.Measure(HighLabel(map));

    private void DrawLegend(Drawing drawing, ColorMap map, int y)
    {
        var x = Math.Min(Margin + _titles, Width - LegendWidth(map) + Margin);
        drawing.Text(LowLabel(map), x, y);
        x += PixelFont.Measure(LowLabel(map)) + 2 * Gap;
        drawing.Fill(x - 1, y + 3, BarWidth + 2, 12, Palette.Grid);
        for (var i = 0; i < BarWidth; i++)
        {
            drawing.Fill(x + i, y + 4, 1, 10, map.At(map.Low + (map.High - map.Low) * i / (BarWidth - 1)));
        }

        drawing.Text(HighLabel(map), x + BarWidth + 2 * Gap, y);
    }

    private static string LowLabel(ColorMap map) => $"{map.LowText} {Number(map.Low, "0.##")}".TrimStart();

    private static string HighLabel(ColorMap map) => $"{Number(map.High, map.Low < 0 ? "+0.##" : "0.##")} {map.HighText}".TrimEnd();

    private static string Number(float value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
