using System.Text.RegularExpressions;

namespace NotebookRunner.Pages;

/// <summary>What stands around the content of a page: it needs no network, and no other file to be read.</summary>
/// <param name="root">The way from the page to the output folder: empty, or <c>../</c>.</param>
internal sealed partial class PageLayout(string root)
{
    private const int FewestContents = 3;

    /// <summary>Whether the other pages of the book are there to be linked.</summary>
    public bool InBook { get; init; } = true;

    /// <summary>Whether the content has charts, which <see cref="PlotlyLibrary"/> draws.</summary>
    public bool NeedsPlotly { get; init; }

    /// <summary>The links to the pages before and after; empty where there are none.</summary>
    public string Neighbours { get; init; } = "";

    /// <param name="title">The name of the page.</param>
    /// <param name="kind">What styles tell the page by.</param>
    /// <param name="content">The content, as HTML.</param>
    /// <param name="sections">Its headings.</param>
    public string ToHtml(string title, string kind, string content, IEnumerable<Section> sections)
    {
        var parts = new Dictionary<string, string>
        {
            ["title"] = Html.Escape(title),
            ["kind"] = kind,
            ["root"] = root,
            ["style"] = Asset.Read("page.css"),
            ["script"] = Asset.Read("page.js"),
            ["charts"] = NeedsPlotly ? $"<script src=\"{root}{PlotlyLibrary.FileName}\"></script>" : "",
            ["contents"] = Contents([.. sections.Where(section => section.Level is 2 or 3)]),
            ["content"] = content,
            ["neighbours"] = Neighbours,
        };
        parts["book"] = InBook ? Fill(Asset.Read("header.html"), parts) : "";
        return Fill(Asset.Read("page.html"), parts);
    }

    private static string Fill(string template, Dictionary<string, string> parts) => Part().Replace(template, part => parts[part.Groups[1].Value]);

    private static string Contents(Section[] sections) => sections.Length < FewestContents ? "" : $"""
        <details class="contents" open><summary>On this page</summary>
        <nav aria-label="On this page"><ul>
        {string.Join('\n', sections.Select(section => $"<li class=\"level-{section.Level}\"><a href=\"#{Html.Escape(section.Id)}\">{Html.Escape(section.Title)}</a></li>"))}
        </ul></nav></details>
        """;

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Part();
}
