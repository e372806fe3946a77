using System.Text;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>A notebook as one HTML file that needs nothing else: no network, no other file.</summary>
internal sealed class NotebookPage
{
    private readonly Notebook _notebook;
    private readonly ChapterLinks _links;
    private readonly MarkdownPage _markdown;

    /// <param name="notebook">The notebook with its outputs.</param>
    /// <param name="paths">Where the pages lie.</param>
    /// <param name="run">The files of all notebooks of this run, which will have pages too.</param>
    public NotebookPage(Notebook notebook, ArtifactPaths paths, IReadOnlyCollection<string> run)
    {
        _notebook = notebook;
        _links = new ChapterLinks(notebook, paths, run);
        _markdown = new MarkdownPage(new LinkRewriter(notebook, paths));
    }

    public string ToHtml() => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Html.Escape(_notebook.Title)}</title>
        <style>
        {Style()}
        </style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        {_links.ToHtml("header", "Chapters")}
        <main id="content">
        {Cells()}</main>
        {_links.ToHtml("footer", "Chapters, again")}
        </body>
        </html>

        """;

    private static string Style()
    {
        using var stream = typeof(NotebookPage).Assembly.GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }

    private string Cells()
    {
        var html = new StringBuilder();
        var number = 0;
        foreach (var cell in _notebook.Cells)
        {
            html.Append(cell switch
            {
                { IsCode: true } => CodeCell(cell, ++number),
                { IsMarkdown: true } => $"<section class=\"text\">\n{_markdown.ToHtml(cell.Source)}</section>\n",
                _ => "",
            });
        }

        return html.ToString();
    }

    private static string CodeCell(NotebookCell cell, int number)
    {
        var outputs = string.Concat(cell.Outputs.Select((output, i) => OutputHtml.Render(output, OutputId.Of(number, i + 1))));
        return $"""
            <section class="code" id="cell-{number}" aria-label="Code cell {number}">
            <div class="input"><span class="gutter" aria-hidden="true">In [{number}]</span><pre tabindex="0"><code translate="no">{CSharpHighlighter.ToHtml(cell.Source)}</code></pre></div>
            {outputs}</section>

            """;
    }
}
