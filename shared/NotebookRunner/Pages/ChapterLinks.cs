using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>The links to the pages before and after: the notebooks beside this one, of this run or an earlier one.</summary>
internal sealed class ChapterLinks(Notebook notebook, ArtifactPaths paths, IReadOnlyCollection<string> run)
{
    public string ToHtml(string element, string label)
    {
        string[] chapters = [.. Directory.EnumerateFiles(notebook.Folder, "*.ipynb").Order(StringComparer.Ordinal).Where(HasPage)];
        var index = Array.IndexOf(chapters, notebook.File);
        return $"<{element}><nav aria-label=\"{label}\">{Link(chapters, index - 1, "prev")}{Link(chapters, index + 1, "next")}</nav></{element}>";
    }

    private bool HasPage(string file) =>
        file == notebook.File || run.Contains(file) || File.Exists(paths.PageOf(file));

    private string Link(string[] chapters, int index, string relation)
    {
        if (index < 0 || index >= chapters.Length)
        {
            return "<span></span>";
        }

        var title = Html.Escape(TitleOf(chapters[index]));
        return $"<a rel=\"{relation}\" href=\"{Uri.EscapeDataString(Path.GetFileName(paths.PageOf(chapters[index])))}\">{(relation == "prev" ? $"← {title}" : $"{title} →")}</a>";
    }

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
