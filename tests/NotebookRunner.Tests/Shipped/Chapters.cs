using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;
using NotebookRunner.Series;

namespace NotebookRunner.Tests.Shipped;

/// <summary>The notebooks that the project ships: the chapters, and the solutions of their exercises.</summary>
internal static partial class Chapters
{
    public static string Folder => Path.Combine(ProjectRoot.Find(), "notebooks");

    public static IEnumerable<string> Names => NotebooksIn(Folder).Select(file => Path.GetFileName(file));

    public static IEnumerable<string> Solutions => NotebooksIn(Path.Combine(Folder, "solutions")).Select(file => $"solutions/{Path.GetFileName(file)}");

    public static IEnumerable<string> All => [.. Names, .. Solutions];

    public static Notebook Load(string name) => Notebook.Load(Path.Combine(Folder, name), name);

    /// <summary>The numbered questions below the heading <c>Exercises</c> of a chapter; none where it has no such heading.</summary>
    public static IReadOnlyList<string> ExercisesOf(string chapter)
    {
        var text = TextOf(chapter).Split("\n## Exercises\n");
        return text.Length < 2 ? [] : [.. Exercise().Matches(text[1]).Select(match => match.Groups[1].Value)];
    }

    /// <summary>All markdown of a notebook.</summary>
    public static string TextOf(string name) =>
        string.Join("\n\n", Load(name).Cells.Where(cell => cell.IsMarkdown).Select(cell => cell.Source));

    private static IEnumerable<string> NotebooksIn(string folder) => Directory.EnumerateFiles(folder, "*.ipynb").Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\d+\. (.+)$", RegexOptions.Multiline)]
    private static partial Regex Exercise();
}
