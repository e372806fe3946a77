using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>A Jupyter notebook (nbformat 4): its file and its JSON, of which everything unknown is kept.</summary>
internal sealed class Notebook
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private Notebook(string file, string name, JsonObject json)
    {
        File = file;
        Name = name;
        Json = json;
        Cells = [.. ((JsonArray)json["cells"]!).Select(cell => new NotebookCell((JsonObject)cell!))];
    }

    /// <summary>The full path of the file it was read from.</summary>
    public string File { get; }

    public JsonObject Json { get; }

    public IReadOnlyList<NotebookCell> Cells { get; }

    public IReadOnlyList<NotebookCell> CodeCells => [.. Cells.Where(cell => cell.IsCode)];

    /// <summary>What people call it: the file's name, with its folder below the chapters' where it has one.</summary>
    public string Name { get; }

    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>
    /// Whether no other notebook may run beside it (<c>autoencoders.alone</c> in its metadata): it measures the machine, or hands files
    /// over to those after it.
    /// </summary>
    public bool RunsAlone => Json["metadata"]?["autoencoders"]?["alone"] is JsonValue alone && alone.TryGetValue(out bool yes) && yes;

    /// <summary>The text of the first heading, or the file's name where there is none.</summary>
    public string Title
    {
        get
        {
            var lines = Cells.Where(cell => cell.IsMarkdown).SelectMany(cell => cell.Source.Split('\n'));
            var heading = lines.FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal));
            return heading?[2..].Trim() ?? Path.GetFileNameWithoutExtension(File);
        }
    }

    /// <param name="file">The file to read.</param>
    /// <param name="name">What people call it; null for the file's name.</param>
    /// <exception cref="NotebookFormatException">The file is not JSON, or no notebook of format 4.</exception>
    public static Notebook Load(string file, string? name = null)
    {
        try
        {
            return new Notebook(Path.GetFullPath(file), name ?? Path.GetFileName(file), Check(file, JsonNode.Parse(System.IO.File.ReadAllText(file))));
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"{file} is not valid JSON (line {e.LineNumber + 1}): {e.Message}", e);
        }
    }

    public Notebook Clone() => new(File, Name, (JsonObject)Json.DeepClone());

    public string ToJson() => JupyterJson.Write(Json);

    public void Write(string file) => System.IO.File.WriteAllText(file, ToJson(), Utf8);

    private static JsonObject Check(string file, JsonNode? json)
    {
        if (json is not JsonObject notebook || notebook["cells"] is not JsonArray cells || !cells.All(cell => cell is JsonObject))
        {
            throw new NotebookFormatException($"{file} is not a notebook: it has no list of cells.");
        }

        if (notebook["nbformat"] is not JsonValue format || !format.TryGetValue(out int version) || version != 4)
        {
            throw new NotebookFormatException($"{file} is not a notebook of format 4: open and save it in Jupyter or VS Code first.");
        }

        return notebook;
    }
}
