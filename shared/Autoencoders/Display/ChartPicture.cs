using SkiaSharp;

namespace Autoencoders.Display;

/// <summary>Draws a <see cref="Chart"/> as a still picture.</summary>
internal sealed class ChartPicture
{
    private const int Left = 76, Top = 42, Bottom = Chart.Height - 52, Swatch = 26;

    private static readonly float[]?[] Dashes = [null, [8, 4], [2, 3], [8, 3, 2, 3], [14, 5]];

    private readonly Chart _chart;
    private readonly ChartAxis _x, _y;
    private readonly int _right;

    public ChartPicture(Chart chart)
    {
        _chart = chart;
        var bars = chart.Kind is ChartKind.Bars or ChartKind.Histogram;
        _right = Chart.Width - 20 - Named.Select(s => PixelFont.Measure(s.Name) + Swatch + 14).DefaultIfEmpty(0).Max();
        var y = chart.ShownY;
        _y = new ChartAxis([.. y, .. bars && !chart.IsLogY ? [0.0] : Array.Empty<double>()], chart.IsLogY, Bottom, Top, bars && !chart.IsLogY && y.All(v => v >= 0) ? 0 : 0.05);
        _x = chart.Labels.Count > 0
            ? new ChartAxis([0.5, chart.Labels.Count + 0.5], false, Left, _right, 0)
            : new ChartAxis(chart.ShownX, chart.IsLogX, Left, _right, 0.03);
    }

    private bool Overlays => _chart.Kind == ChartKind.Histogram && _chart.Series.Count(s => !s.IsReference) > 1;

    private IEnumerable<ChartSeries> Named => _chart.Series.Where(s => s.Name.Length > 0);

    public byte[] ToPng() => Drawing.Png(Chart.Width, Chart.Height, Draw);

    private void Draw(Drawing drawing)
    {
        drawing.Text(_chart.Title, Left, 12, bold: true);
        DrawAxes(drawing);
        drawing.Canvas.Save();
        drawing.Canvas.ClipRect(SKRect.Create(Left, Top, _right - Left, Bottom - Top));
        for (var i = 0; i < _chart.Series.Count; i++)
        {
            DrawSeries(drawing, _chart.Series[i], i);
        }

        drawing.Canvas.Restore();
        drawing.Line([new(Left + 0.5f, Top), new(Left + 0.5f, Bottom + 0.5f), new(_right, Bottom + 0.5f)], Palette.Pale);
        DrawLegend(drawing);
    }

    private void DrawAxes(Drawing drawing)
    {
        foreach (var (value, text) in _y.Ticks())
        {
            var y = (int)_y.At(value);
            drawing.Fill(Left, y, _right - Left, 1, Palette.Grid);
            drawing.Text(text, Left - 8, y - PixelFont.Height / 2, 1, Palette.Pale);
        }

        var ticks = _chart.Labels.Count > 0 ? _chart.Labels.Select((text, i) => (i + 1.0, text)) : _x.Ticks();
        foreach (var (value, text) in ticks)
        {
            drawing.Fill((int)_x.At(value), Bottom, 1, 5, Palette.Pale);
            drawing.Text(text, (int)_x.At(value), Bottom + 6, 0.5, Palette.Pale);
        }

        drawing.Text(_chart.XAxis, (Left + _right) / 2, Chart.Height - 24, 0.5);
        drawing.Canvas.Save();
        drawing.Canvas.Translate(6, (Top + Bottom) / 2);
        drawing.Canvas.RotateDegrees(-90);
        drawing.Text(_chart.YAxis, 0, 0, 0.5);
        drawing.Canvas.Restore();
    }

    private void DrawSeries(Drawing drawing, ChartSeries series, int index)
    {
        var color = SKColor.Parse(Palette.Of(index));
        List<SKPoint> points = [.. series.X.Zip(series.Y).Where(p => Shown(p.First, p.Second)).Select(p => new SKPoint(_x.At(p.First), _y.At(p.Second)))];
        if (series.IsReference)
        {
            drawing.Line([new(Left, _y.At(series.Y[0])), new(_right, _y.At(series.Y[0]))], SKColor.Parse(Palette.Reference), 1.5f, [7, 5]);
        }
        else if (_chart.Kind is ChartKind.Bars or ChartKind.Histogram)
        {
            DrawBars(drawing, series, index, color);
        }
        else
        {
            DrawPoints(drawing, points, index, color);
        }
    }

    private bool Shown(double x, double y) => double.IsFinite(x) && double.IsFinite(y) && (!_chart.IsLogX || x > 0) && (!_chart.IsLogY || y > 0);

    private void DrawPoints(Drawing drawing, List<SKPoint> points, int index, SKColor color)
    {
        if (_chart.Kind == ChartKind.Lines)
        {
            drawing.Line(points, color, 2, Dashes[index % Dashes.Length]);
        }

        if (_chart.Kind == ChartKind.Points || points.Count <= 50)
        {
            points.ForEach(p => DrawMarker(drawing, p, index, color));
        }
    }

    private void DrawBars(Drawing drawing, ChartSeries series, int index, SKColor color)
    {
        var sets = _chart.Kind == ChartKind.Histogram ? 1 : _chart.Series.Count(s => !s.IsReference);
        var step = _chart.Labels.Count > 0 || series.X.Count < 2 ? 1 : series.X[1] - series.X[0];
        var width = step * (_chart.Kind == ChartKind.Histogram ? 0.98 : 0.8) / sets;
        using var paint = new SKPaint { Color = Overlays ? color.WithAlpha(0x50) : color, IsAntialias = true };
        for (var i = 0; i < series.Y.Count; i++)
        {
            if (!_chart.IsLogY || series.Y[i] > 0)
            {
                var left = (_chart.Labels.Count > 0 ? i + 1 : series.X[i]) - width * sets / 2 + (sets > 1 ? index * width : 0);
                var floor = _chart.IsLogY ? Bottom : _y.At(0);
                drawing.Canvas.DrawRect(new SKRect(_x.At(left), Math.Min(_y.At(series.Y[i]), floor), _x.At(left + width), Math.Max(_y.At(series.Y[i]), floor)), paint);
            }
        }

        if (Overlays)
        {
            drawing.Line([.. series.X.Zip(series.Y).SelectMany(p => new[] { p.First - step / 2, p.First + step / 2 }.Select(x => new SKPoint(_x.At(x), Shown(x, p.Second) ? _y.At(p.Second) : Bottom)))], color, 2, Dashes[index % Dashes.Length]);
        }
    }

    private void DrawLegend(Drawing drawing)
    {
        var y = Top;
        for (var i = 0; i < _chart.Series.Count; i++)
        {
            var series = _chart.Series[i];
            if (series.Name.Length > 0)
            {
                DrawSwatch(drawing, series, i, _right + 12, y + PixelFont.Height / 2);
                drawing.Text(series.Name, _right + 12 + Swatch, y);
                y += PixelFont.Height + 2;
            }
        }
    }

    private void DrawSwatch(Drawing drawing, ChartSeries series, int index, int x, int y)
    {
        var color = SKColor.Parse(series.IsReference ? Palette.Reference : Palette.Of(index));
        if (series.IsReference || _chart.Kind == ChartKind.Lines)
        {
            drawing.Line([new(x, y), new(x + 20, y)], color, 2, series.IsReference ? [7, 5] : Dashes[index % Dashes.Length]);
        }
        else if (_chart.Kind != ChartKind.Points)
        {
            drawing.Fill(x + 4, y - 5, 12, 10, color);
        }

        if (!series.IsReference && _chart.Kind is ChartKind.Lines or ChartKind.Points)
        {
            DrawMarker(drawing, new SKPoint(x + 10, y), index, color);
        }
    }

    private static void DrawMarker(Drawing drawing, SKPoint p, int index, SKColor color)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        using var path = new SKPath();
        switch (index % 5)
        {
            case 0: path.AddCircle(p.X, p.Y, 3.5f); break;
            case 1: path.AddRect(SKRect.Create(p.X - 3, p.Y - 3, 6, 6)); break;
            case 2: path.AddPoly([new(p.X, p.Y - 4.5f), new(p.X + 4.5f, p.Y), new(p.X, p.Y + 4.5f), new(p.X - 4.5f, p.Y)]); break;
            case 3: path.AddPoly([new(p.X, p.Y - 4.5f), new(p.X + 4, p.Y + 3), new(p.X - 4, p.Y + 3)]); break;
            default:
                drawing.Line([new(p.X - 3, p.Y - 3), new(p.X + 3, p.Y + 3)], color, 2);
                drawing.Line([new(p.X - 3, p.Y + 3), new(p.X + 3, p.Y - 3)], color, 2);
                break;
        }

        drawing.Canvas.DrawPath(path, paint);
    }
}
