using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>Shows the outputs of cells, each in its richest form that a page can show.</summary>
/// <param name="markdown">Renders markdown and formulas.</param>
/// <param name="links">Embeds the pictures of HTML.</param>
/// <param name="mayRun">Whether the outputs are of this run: then their scripts run.</param>
internal sealed partial class OutputHtml(MarkdownPage markdown, LinkRewriter links, bool mayRun)
{
    private const int LongestText = 100_000, MostOfCell = 5_000_000;

    // The richest first.
    private static readonly string[] Pictures = ["image/svg+xml", "image/png", "image/jpeg", "image/webp", "image/gif"];

    /// <summary>Whether an output brought the chart library, which the page then loads from the file beside it.</summary>
    public bool NeedsPlotly { get; private set; }

    /// <summary>The outputs of code cell <paramref name="cell"/>, from 1: 5 million characters of them.</summary>
    public string Render(IEnumerable<JsonObject> outputs, int cell)
    {
        var html = new StringBuilder();
        var number = 0;
        foreach (var output in outputs)
        {
            var one = Render(output, OutputId.Of(cell, ++number));
            if (html.Length + one.Length > MostOfCell)
            {
                return html.Append(Note($"From here on this cell's output is left out: a page shows {MostOfCell:N0} characters of a cell.")).ToString();
            }

            html.Append(one);
        }

        return html.ToString();
    }

    private string Render(JsonObject output, string id)
    {
        var (style, body) = OutputText.Read(output["output_type"]) switch
        {
            "stream" => (OutputText.Read(output["name"]) == "stderr" ? "stream stderr" : "stream", Text(OutputText.Read(output["text"]))),
            "error" => ("error", Error(output)),
            _ => ("result", Result(output["data"] as JsonObject ?? [], output["metadata"] as JsonObject ?? [])),
        };
        return $"<div class=\"output {style}\" data-output=\"{id}\">{body}</div>\n";
    }

    private static string Error(JsonObject output) =>
        $"<p role=\"alert\">{Html.Escape($"{OutputText.Read(output["ename"])}: {OutputText.Read(output["evalue"])}")}</p>"
        + Text(string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(OutputText.Read)));

    private string Result(JsonObject data, JsonObject metadata)
    {
        var text = OutputText.Read(data["text/plain"]);
        var about = markdown.Sections.Count > 0 ? $"{markdown.Sections[^1].Title}: {text}" : text;
        return Of(data, "text/html") is { } html && Fragment(html, text, about) is { } clean ? clean
            : Pictures.Select(type => Picture(data, type, about, metadata)).FirstOrDefault(picture => picture is not null) is { } picture ? picture
            : Of(data, "text/markdown") is { } source ? markdown.ToHtml(source)
            : Of(data, "text/latex") is { } tex ? markdown.ToHtml(tex.Contains('$') ? tex : $"$$\n{tex}\n$$")
            : text.Length > 0 ? Text(text)
            : string.Concat(data.Select(form => $"<p>{Html.Escape(form.Key)}</p>{Text(OutputText.Read(form.Value))}"));
    }

    private static string? Of(JsonObject data, string type) => data[type] is { } content ? OutputText.Read(content) : null;

    // Null where nothing is left of it. A picture that is described by the output's text gets the heading before it, as other pictures do.
    private string? Fragment(string html, string text, string about)
    {
        if (html.Length > MostOfCell || HtmlFragment.Parse(html) is not { } fragment)
        {
            return Text(html);
        }

        foreach (var library in fragment.Root.QuerySelectorAll("script[data-plotly-library]").ToArray())
        {
            NeedsPlotly |= mayRun;
            library.Remove();
        }

        foreach (var picture in fragment.Root.QuerySelectorAll("img").Where(picture => text.Length > 0 && picture.GetAttribute("alt") == text))
        {
            picture.SetAttribute("alt", about);
        }

        if (!mayRun)
        {
            fragment.Clean();
        }

        links.Rewrite(fragment);
        return fragment.ToHtml() is var clean && string.IsNullOrWhiteSpace(clean) ? null : clean;
    }

    private static string? Picture(JsonObject data, string type, string about, JsonObject metadata)
    {
        if (Of(data, type) is not { } content)
        {
            return null;
        }

        // As a picture, no script in an SVG runs.
        var base64 = type == "image/svg+xml" && content.Contains('<') ? Convert.ToBase64String(Encoding.UTF8.GetBytes(content)) : Space().Replace(content, "");
        var width = int.TryParse(OutputText.Read((metadata[type] as JsonObject)?["width"]), out var pixels) ? $" width=\"{pixels}\"" : "";
        return Base64.IsValid(base64) ? $"<img src=\"data:{type};base64,{base64}\" alt=\"{Html.Escape(about)}\"{width}>" : null;
    }

    private static string Text(string text)
    {
        text = Escapes().Replace(text, "");
        if (text.Length <= LongestText)
        {
            return $"<pre tabindex=\"0\">{Html.Escape(text)}</pre>";
        }

        var end = char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;
        return $"<pre tabindex=\"0\">{Html.Escape(text[..end])}</pre>{Note($"Cut here: this output has {text.Length:N0} characters, and a page shows {LongestText:N0}.")}";
    }

    private static string Note(string text) => $"<p class=\"note\">{text}</p>\n";

    // Colours of a terminal.
    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
