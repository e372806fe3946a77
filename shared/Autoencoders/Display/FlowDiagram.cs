using System.Globalization;
using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>Tensors on their way through a network: each a box as high as its images and as wide as it has channels.</summary>
public sealed class FlowDiagram : IPicture
{
    private const int Gap = 34, Margin = 12, Tallest = 140;

    private static readonly SKColor Box = SKColor.Parse("#56B4E9"), Code = SKColor.Parse("#E69F00");

    private readonly string _highlight;
    private readonly IReadOnlyList<(string Label, long[] Shape)> _steps;
    private readonly int _lines;

    private FlowDiagram(string highlight, IReadOnlyList<(string Label, long[] Shape)> steps)
    {
        (_highlight, _steps) = (highlight, steps);
        _lines = steps.Max(s => s.Label.Split('\n').Length);
    }

    /// <summary>A diagram from left to right.</summary>
    /// <param name="highlight">The label of the step in another colour: the code.</param>
    /// <param name="steps">For each tensor what made it (a line break is one here too), and its shape without the batch: (C, H, W) or (C).</param>
    /// <exception cref="ArgumentException">There is no step, or one has another number of dimensions.</exception>
    public static FlowDiagram Of(string highlight, params (string Label, long[] Shape)[] steps) =>
        steps.Length > 0 && steps.All(s => s.Shape.Length is 1 or 3)
            ? new(highlight, steps)
            : throw new ArgumentException("A flow diagram needs steps, each with a shape (C, H, W) or (C).", nameof(steps));

    /// <inheritdoc/>
    public byte[] ToPng() => Drawing.Png(2 * Margin + _steps.Sum(Column) + Gap * (_steps.Count - 1), 2 * Margin + Tallest + (_lines + 2) * PixelFont.Height, Draw);

    /// <inheritdoc/>
    public string ToHtml() => Html.Image(ToPng(), ToString());

    /// <inheritdoc/>
    public override string ToString() => string.Join(" → ", _steps.Select(s => $"{s.Label.Replace('\n', ' ')} {Shape(s)}"));

    private void Draw(Drawing drawing)
    {
        int x = Margin, middle = Margin + Tallest / 2;
        var tallest = _steps.Max(s => s.Shape.Length == 3 ? s.Shape[1] : 1);
        foreach (var step in _steps)
        {
            if (x > Margin)
            {
                DrawArrow(drawing, x - Gap + 5, x - 5, middle);
            }

            var height = step.Shape.Length == 3 ? Math.Max(8, (int)(Tallest * step.Shape[1] / tallest)) : Tallest / 2;
            DrawBox(drawing, x + (Column(step) - BoxWidth(step)) / 2, middle - height / 2, BoxWidth(step), height, step.Label == _highlight ? Code : Box);
            DrawLabel(drawing, step, x + Column(step) / 2);
            x += Column(step) + Gap;
        }
    }

    private void DrawLabel(Drawing drawing, (string Label, long[] Shape) step, int x)
    {
        var y = Margin + Tallest + PixelFont.Height / 2;
        drawing.Text(Shape(step), x, y, 0.5, bold: true);
        foreach (var line in step.Label.Split('\n'))
        {
            drawing.Text(line, x, y += PixelFont.Height, 0.5);
        }
    }

    private static void DrawBox(Drawing drawing, int x, int y, int width, int height, SKColor color)
    {
        drawing.Fill(x, y, width, height, Palette.Ink);
        drawing.Fill(x + 1, y + 1, width - 2, height - 2, color);
    }

    private static void DrawArrow(Drawing drawing, int from, int to, int y)
    {
        drawing.Line([new(from, y), new(to, y)], Palette.Pale, 1.5f);
        drawing.Line([new(to - 6, y - 4), new(to, y), new(to - 6, y + 4)], Palette.Pale, 1.5f);
    }

    private static int BoxWidth((string Label, long[] Shape) step) =>
        step.Shape.Length == 3 ? 8 + (int)(6 * Math.Log2(step.Shape[0])) : 12;

    private static int Column((string Label, long[] Shape) step) =>
        step.Label.Split('\n').Select(l => PixelFont.Measure(l)).Append(PixelFont.Measure(Shape(step), bold: true)).Append(BoxWidth(step)).Max();

    private static string Shape((string Label, long[] Shape) step) =>
        string.Join('×', step.Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
