using System.Globalization;
using System.Text;
using Autoencoders.Models;
using Autoencoders.Training;

namespace Autoencoders.Display;

/// <summary>A table: columns of numbers are aligned to the right, all others to the left.</summary>
public sealed class Table : IFigure
{
    private const string Style = "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:4px 0";

    private readonly IReadOnlyList<string> _header;
    private readonly IReadOnlyList<IReadOnlyList<string>> _rows;
    private readonly bool[] _numeric;

    private Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        (_header, _rows) = (header, rows);
        _numeric = [.. header.Select((_, column) => rows.Any(r => IsNumber(r[column])) && rows.All(r => r[column].Length == 0 || IsNumber(r[column])))];
    }

    /// <summary>A table of texts.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer cells than the header.</exception>
    public static Table Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var list = rows.ToList();
        return list.FindIndex(r => r.Count != header.Count) is >= 0 and var bad
            ? throw new ArgumentException($"Row {bad + 1} has {list[bad].Count} cells, the header has {header.Count}.", nameof(rows))
            : new(header, list);
    }

    /// <summary>A table with a row for each item. Numbers are written with a point, whatever the system's language.</summary>
    /// <param name="items">What the rows are about.</param>
    /// <param name="columns">For each column its header and its cell for an item.</param>
    public static Table From<T>(IEnumerable<T> items, params (string Header, Func<T, object?> Cell)[] columns) =>
        Of([.. columns.Select(c => c.Header)], items.Select(item => columns.Select(c => Convert.ToString(c.Cell(item), CultureInfo.InvariantCulture) ?? "").ToList()));

    /// <summary>The layers of a model, with the shape that each gives and its parameters.</summary>
    public static Table Of(ModelSummary summary) => Of(
        ["name", "layer", "output shape", "parameters"],
        summary.Layers.Select(l => (IReadOnlyList<string>)[l.Name, l.Layer, Shape(l.OutputShape), Count(l.Parameters)])
            .Append([summary.Model, "", "total", Count(summary.Parameters)]));

    /// <summary>The epochs of a training.</summary>
    public static Table Of(TrainingHistory history) => Of(history.Epochs);

    /// <summary>The same in plain text, its columns padded with spaces.</summary>
    public override string ToString()
    {
        var widths = _header.Select((h, c) => _rows.Select(r => r[c].Length).Append(h.Length).Max()).ToArray();
        var rule = string.Join("  ", widths.Select(w => new string('-', w)));
        return string.Join('\n', [Line(_header, widths), rule, .. _rows.Select(r => Line(r, widths))]);
    }

    /// <inheritdoc/>
    public string ToHtml()
    {
        var html = new StringBuilder($"""<table style="{Style}"><thead><tr>""");
        AppendCells(html, "th", _header, "border-bottom:2px solid #888;");
        html.Append("</tr></thead><tbody>");
        foreach (var row in _rows)
        {
            AppendCells(html.Append("<tr>"), "td", row, "border-bottom:1px solid #8884;");
            html.Append("</tr>");
        }

        return html.Append("</tbody></table>").ToString();
    }

    internal static Table Of(IReadOnlyList<EpochResult> epochs) => From(
        epochs,
        ("epoch", e => e.Epoch),
        ("training loss", e => e.TrainingLoss.ToString("F4", CultureInfo.InvariantCulture)),
        ("validation loss", e => e.ValidationLoss.ToString("F4", CultureInfo.InvariantCulture)),
        ("seconds", e => e.Seconds.ToString("F1", CultureInfo.InvariantCulture)),
        ("images/s", e => e.ImagesPerSecond.ToString("N0", CultureInfo.InvariantCulture)));

    private static string Shape(IReadOnlyList<long> shape) =>
        $"({string.Join(", ", shape.Select((size, i) => i == 0 && size < 0 ? "N" : size.ToString(CultureInfo.InvariantCulture)))})";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    // "24.1 dB", "12 %" and "-" are numbers too as far as reading down a column goes.
    private static bool IsNumber(string cell) =>
        cell is "-" or "–" || double.TryParse(cell.Replace('−', '-').Split(' ')[0].TrimEnd('%', '×'), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);

    private string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join("  ", cells.Select((cell, c) => _numeric[c] ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd();

    private void AppendCells(StringBuilder html, string element, IReadOnlyList<string> cells, string style)
    {
        for (var c = 0; c < cells.Count; c++)
        {
            // Twice, because GitHub takes the style away and leaves the attribute, and Jupyter's own style outdoes the attribute.
            var side = _numeric[c] ? "right" : "left";
            html.Append(CultureInfo.InvariantCulture, $"""<{element} align="{side}" style="{style}padding:3px 12px;text-align:{side}">{Html.Encode(cells[c])}</{element}>""");
        }
    }
}
