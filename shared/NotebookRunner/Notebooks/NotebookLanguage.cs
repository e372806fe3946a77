using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookRunner.Notebooks;

/// <summary>Which language a notebook and its cells are written in: the runner's kernel knows C#, and HTML in single cells.</summary>
internal static partial class NotebookLanguage
{
    private const string Html = "html";

    private static readonly string[] CSharp = ["c#", "csharp", ".net-csharp"];

    /// <summary>What the kernel is to run for a cell.</summary>
    public static string Submission(NotebookCell cell) =>
        IsHtml(cell.Language) && !cell.Source.StartsWith("#!html", StringComparison.OrdinalIgnoreCase) ? $"#!html\n{cell.Source}" : cell.Source;

    /// <exception cref="NotebookFormatException">The notebook, or one of its cells, is in a language that the runner does not run.</exception>
    public static void Check(Notebook notebook)
    {
        if (Of(notebook) is { } language)
        {
            throw new NotebookFormatException($"{notebook.File} is a notebook in '{language}'; the runner runs those in C# (kernelspec .net-csharp).");
        }

        foreach (var (index, cell) in notebook.Cells.Index().Where(cell => cell.Item.IsCode))
        {
            if (Of(cell) is { } other)
            {
                throw new NotebookFormatException($"{notebook.File}: cell {index + 1} is in '{other}'; the runner runs C#, and HTML below #!html.");
            }
        }
    }

    // The first that says something; null where that is C#, or where nothing does.
    private static string? Of(Notebook notebook)
    {
        var metadata = notebook.Json["metadata"] as JsonObject;
        var kernel = metadata?["kernelspec"] as JsonObject;
        string?[] said =
        [
            Text((metadata?["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject, "defaultKernelName"),
            Text(kernel, "language"), Text(kernel, "name"), Text(metadata?["language_info"] as JsonObject, "name"),
        ];
        return said.FirstOrDefault(language => language is not null and not "polyglot-notebook") is { } first && !IsCSharp(first) ? first : null;
    }

    private static string? Of(NotebookCell cell) =>
        cell.Language is { } language && !IsCSharp(language) && !IsHtml(language) ? language
        : OtherKernel().Match(cell.Source) is { Success: true } magic ? magic.Groups[1].Value
        : null;

    private static bool IsCSharp(string language) => CSharp.Contains(language, StringComparer.OrdinalIgnoreCase);

    private static bool IsHtml(string? language) => string.Equals(language, Html, StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonObject? section, string name) =>
        section?[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    // The kernels that Polyglot Notebooks has beyond ours.
    [GeneratedRegex(@"^#!(f#|fsharp|pwsh|powershell|javascript|js|python|r|sql|kql|http|mermaid|markdown|value)[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex OtherKernel();
}
