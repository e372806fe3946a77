using NotebookRunner.Notebooks;
using NotebookRunner.Series;

namespace NotebookRunner.Tests.Shipped;

/// <summary>The notebooks that the project ships.</summary>
internal static class Chapters
{
    public static string Folder => Path.Combine(ProjectRoot.Find(), "notebooks");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.ipynb").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static Notebook Load(string name) => Notebook.Load(Path.Combine(Folder, name));
}
