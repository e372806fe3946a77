using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>
/// Ties saved outputs to the sources that made them: the SHA-256 of all cells' kinds and sources, kept in the
/// notebook's metadata as <c>autoencoders.source_sha256</c>.
/// </summary>
internal static class SourceHash
{
    private const string Section = "autoencoders", Key = "source_sha256";

    public static string Of(Notebook notebook)
    {
        // NUL cannot stand in a source, so no two lists of cells read the same.
        var text = string.Concat(notebook.Cells.Select(cell => $"{(cell.IsCode ? "code" : "text")}\0{cell.Source}\0"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The hash that was recorded when the outputs were saved; null where none was.</summary>
    public static string? Recorded(Notebook notebook) => SectionOf(notebook)?[Key] is JsonValue value && value.TryGetValue(out string? hash) ? hash : null;

    /// <summary>What is ours in the metadata; null where there is nothing.</summary>
    public static JsonObject? SectionOf(Notebook notebook) => (notebook.Json["metadata"] as JsonObject)?[Section] as JsonObject;

    public static void Record(Notebook notebook)
    {
        var metadata = Child(notebook.Json, "metadata");
        Child(metadata, Section)[Key] = Of(notebook);
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            child = [];
            parent.Remove(name);
            parent.Insert(0, name, child); // Jupyter sorts the names: ours would come first.
        }

        return child;
    }
}
