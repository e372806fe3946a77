using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>The links to the pages before and after: the notebooks beside this one.</summary>
internal static class ChapterLinks
{
    public static string ToHtml(Notebook notebook, ArtifactPaths paths)
    {
        string[] chapters = paths.IsInBook(notebook.File) ? [.. Directory.EnumerateFiles(notebook.Folder, "*.ipynb").Order(StringComparer.Ordinal)] : [];
        var index = Array.IndexOf(chapters, notebook.File);
        return Link("prev", chapters.ElementAtOrDefault(index - 1)) + Link("next", chapters.ElementAtOrDefault(index + 1));
    }

    private static string Link(string relation, string? chapter) => chapter is null
        ? "<span></span>"
        : $"<a rel=\"{relation}\" href=\"{Uri.EscapeDataString(Path.GetFileNameWithoutExtension(chapter))}.html\">{Html.Escape(TitleOf(chapter))}</a>";

    // A neighbour that cannot be read, half edited perhaps, does not cost this page.
    private static string TitleOf(string chapter)
    {
        try
        {
            return Notebook.Load(chapter).Title;
        }
        catch (NotebookFormatException)
        {
            return Path.GetFileNameWithoutExtension(chapter);
        }
    }
}
