using System.Text;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>
/// A notebook as one HTML file. Whatever is in the notebook, a page is made: what cannot be rendered is shown as its source.
/// </summary>
internal sealed class NotebookPage
{
    private readonly Notebook _notebook;
    private readonly ArtifactPaths _paths;
    private readonly MarkdownPage _markdown;
    private readonly OutputHtml _outputs;

    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="paths">Where the pages lie.</param>
    /// <param name="executed">Whether the outputs are of this run. Of others, which may come from anywhere, no script is taken.</param>
    /// <param name="library">What names in the text are linked to; null for nothing.</param>
    public NotebookPage(Notebook notebook, ArtifactPaths paths, bool executed = false, Library? library = null)
    {
        _notebook = notebook;
        _paths = paths;
        var links = new LinkRewriter(notebook.File, paths, library);
        _markdown = new MarkdownPage(links);
        _outputs = new OutputHtml(_markdown, links, executed);
    }

    /// <summary>Whether the page, once made, loads <see cref="PlotlyLibrary"/> from the output folder.</summary>
    public bool NeedsPlotly => _outputs.NeedsPlotly;

    /// <summary>The headings of the page, once made.</summary>
    public IReadOnlyList<Section> Sections => _markdown.Sections;

    public string ToHtml()
    {
        var cells = Cells();
        var layout = new PageLayout(_paths.WayToRoot(_notebook.File))
        {
            InBook = _paths.IsInBook(_notebook.File),
            NeedsPlotly = NeedsPlotly,
            Neighbours = ChapterLinks.ToHtml(_notebook, _paths),
        };
        return layout.ToHtml(_notebook.Title, "chapter", cells, Sections);
    }

    private string Cells()
    {
        var html = new StringBuilder();
        var number = 0;
        var folds = Path.GetFileName(_notebook.Folder) == "solutions";
        var folded = false;
        foreach (var cell in _notebook.Cells)
        {
            number += cell.IsCode ? 1 : 0;
            if (folds && folded != cell.IsCode)
            {
                // Who is still thinking does not want to see it.
                folded = cell.IsCode;
                html.Append(folded ? "<details class=\"solution\"><summary>Show the code and its output</summary>\n" : "</details>\n");
            }

            html.Append(Cell(cell, number));
        }

        return html.Append(folded ? "</details>\n" : "").ToString();
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
