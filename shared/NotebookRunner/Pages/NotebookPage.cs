using System.Text;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>
/// A notebook as one HTML file that needs no network, and no other file but the chart library where it has charts.
/// Whatever is in the notebook, a page is made: what cannot be rendered is shown as its source.
/// </summary>
internal sealed class NotebookPage
{
    private readonly Notebook _notebook;
    private readonly ArtifactPaths _paths;
    private readonly ChapterLinks _links;
    private readonly MarkdownPage _markdown;
    private readonly OutputHtml _outputs;

    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="paths">Where the pages lie.</param>
    /// <param name="run">The files of all notebooks of this run, which will have pages too.</param>
    /// <param name="executed">Whether the outputs are of this run. Of others, which may come from anywhere, no script is taken.</param>
    public NotebookPage(Notebook notebook, ArtifactPaths paths, IReadOnlyCollection<string> run, bool executed = false)
    {
        _notebook = notebook;
        _paths = paths;
        _links = new ChapterLinks(notebook, paths, run);
        var links = new LinkRewriter(notebook, paths);
        _markdown = new MarkdownPage(links);
        _outputs = new OutputHtml(_markdown, links, executed);
    }

    /// <summary>Whether the page, once made, loads <see cref="PlotlyLibrary"/> from the output folder.</summary>
    public bool NeedsPlotly => _outputs.NeedsPlotly;

    public string ToHtml()
    {
        var cells = Cells();
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Escape(_notebook.Title)}</title>
            <style>
            {Asset.Read("page.css")}
            </style>
            {ChartLibrary()}</head>
            <body>
            <a class="skip" href="#page-content">Skip to the content</a>
            {_links.ToHtml("header", "Chapters")}
            <main id="page-content">
            {cells}</main>
            {_links.ToHtml("footer", "Chapters, again")}
            </body>
            </html>

            """;
    }

    private string ChartLibrary() => NeedsPlotly
        ? $"<script src=\"{Path.GetRelativePath(_paths.FolderOf(_notebook.File), Path.Combine(_paths.Root, PlotlyLibrary.FileName)).Replace('\\', '/')}\"></script>\n"
        : "";

    private string Cells()
    {
        var html = new StringBuilder();
        var number = 0;
        foreach (var cell in _notebook.Cells)
        {
            number += cell.IsCode ? 1 : 0;
            html.Append(Cell(cell, number));
        }

        return html.ToString();
    }

    private string Cell(NotebookCell cell, int number)
    {
        try
        {
            return cell.IsCode ? CodeCell(cell, number) : TextCell(cell.IsMarkdown ? _markdown.ToHtml(cell.Source, cell.Attachments) : Html.Source(cell.Source));
        }
        catch (Exception)
        {
            // Whatever a library did not expect in this cell, the rest of the page is fine.
            return TextCell(Html.Source(cell.Source));
        }
    }

    private static string TextCell(string html) => $"<section class=\"text\">\n{html}</section>\n";

    private string CodeCell(NotebookCell cell, int number) => $"""
        <section class="code" id="cell-{number}" aria-label="Code cell {number}">
        <div class="input"><span class="gutter" aria-hidden="true">In [{number}]</span><pre tabindex="0"><code translate="no">{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>
        {_outputs.Render(cell.Outputs, number)}</section>

        """;
}
