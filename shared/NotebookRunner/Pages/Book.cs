using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autoencoders;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>
/// The pages of the project as one folder that is read without a network: the chapters and their solutions, the texts
/// beside them, the reference of the library, and what the search looks through.
/// </summary>
internal sealed partial class Book(string projectRoot, ArtifactPaths paths)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<Library> _library = new(() => Library.Load(Path.Combine(projectRoot, "shared", "bin")));

    /// <summary>The pages that could not be written, each with the reason.</summary>
    public List<string> Unwritten { get; } = [];

    /// <summary>What else is to be said, and is no failure.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// Writes all pages. A notebook's shows the outputs that came with the project, unless a run of this very notebook
    /// has left a page.
    /// </summary>
    public void Write()
    {
        var search = new List<string[]>();
        foreach (var text in Files("notebooks", "*.md").Concat(Files("docs", "*.md")))
        {
            WriteText(text, search);
        }

        foreach (var notebook in Files("notebooks", "*.ipynb").Concat(Files("notebooks/solutions", "*.ipynb")))
        {
            WriteStored(notebook, search);
        }

        var library = _library.Value;
        Put(Path.Combine(paths.Root, Library.FileName), new PageLayout("").ToHtml(Library.Title, "library", library.Content, library.Sections));
        AddTo(search, Library.FileName, Library.Title, library.Sections);
        Put(Path.Combine(paths.Root, "search.js"), $"window.searchIndex = {JsonSerializer.Serialize(search, Plain)};\n");
    }

    /// <summary>Writes the page of a notebook that was run.</summary>
    public void WriteExecuted(Notebook notebook)
    {
        var page = PageOf(notebook, executed: true);
        AtomicFile.Write(paths.PageOf(notebook.File), page.ToHtml());
        if (page.NeedsPlotly)
        {
            PlotlyLibrary.WriteTo(paths.Root);
        }
    }

    // A page that cannot be written costs that page, and not the run.
    private void Put(string file, string text)
    {
        try
        {
            AtomicFile.Write(file, text);
        }
        catch (IOException e)
        {
            Unwritten.Add(e.Message);
        }
    }

    private static bool IsCurrent(string page, string notebook) => File.GetLastWriteTimeUtc(page) is var written
        && written > File.GetLastWriteTimeUtc(notebook) && written > File.GetLastWriteTimeUtc(typeof(Book).Assembly.Location);

    private static void AddTo(List<string[]> search, string page, string title, IEnumerable<Section> sections) =>
        search.AddRange(sections.Select(section => new[] { $"{page}#{section.Id}", title, section.Title, Space().Replace(section.Text.ToString(), " ").Trim() }));

    private string[] Files(string folder, string pattern) =>
        Path.Combine(projectRoot, folder) is var full && Directory.Exists(full) ? [.. Directory.EnumerateFiles(full, pattern).Order(StringComparer.Ordinal)] : [];

    private NotebookPage PageOf(Notebook notebook, bool executed) =>
        new(notebook, paths, executed, paths.IsInBook(notebook.File) ? _library.Value : null);

    private string NameOf(string page) => Path.GetRelativePath(paths.Root, page).Replace('\\', '/');

    private void WriteText(string file, List<string[]> search)
    {
        var markdown = new MarkdownPage(new LinkRewriter(file, paths, _library.Value));
        var content = $"<section class=\"text\">\n{markdown.ToHtml(File.ReadAllText(file))}</section>\n";
        var page = paths.PageOf(file);
        var kind = Path.GetFileNameWithoutExtension(page);
        var title = markdown.Sections.FirstOrDefault()?.Title ?? kind;
        Put(page, new PageLayout("").ToHtml(title, kind, content, markdown.Sections));
        AddTo(search, NameOf(page), title, markdown.Sections);
    }

    private void WriteStored(string file, List<string[]> search)
    {
        try
        {
            var notebook = Notebook.Load(file);
            var page = PageOf(notebook, executed: false);
            var html = page.ToHtml();
            if (!IsCurrent(paths.PageOf(file), file))
            {
                Put(paths.PageOf(file), html);
            }

            AddTo(search, NameOf(paths.PageOf(file)), notebook.Title, page.Sections);
        }
        catch (NotebookFormatException e)
        {
            Notes.Add($"There is no page of {paths.NameOf(file)}: {e.Message}");
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
