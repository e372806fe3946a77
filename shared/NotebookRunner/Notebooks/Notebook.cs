using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Autoencoders;

namespace NotebookRunner.Notebooks;

/// <summary>A Jupyter notebook (nbformat 4): its file and its JSON, of which everything unknown is kept.</summary>
internal sealed class Notebook
{
    private readonly byte[] _hashOfFile;

    private Notebook(string file, string name, JsonObject json, byte[] hashOfFile)
    {
        File = file;
        Name = name;
        Json = json;
        Cells = [.. ((JsonArray)json["cells"]!).Select(cell => new NotebookCell((JsonObject)cell!))];
        _hashOfFile = hashOfFile;
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
    public bool RunsAlone => SourceHash.SectionOf(this)?["alone"] is JsonValue alone && alone.TryGetValue(out bool yes) && yes;

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
    /// <exception cref="NotebookFormatException">The file cannot be read, or is no notebook of format 4.</exception>
    public static Notebook Load(string file, string? name = null) => Parse(NotebookReader.ReadBytes(file), file, name);

    /// <param name="bytes">What is in the file.</param>
    /// <param name="file">Its path.</param>
    /// <param name="name">What people call it; null for the file's name.</param>
    /// <exception cref="NotebookFormatException">They are no notebook of format 4.</exception>
    public static Notebook Parse(byte[] bytes, string file, string? name = null) =>
        new(Path.GetFullPath(file), name ?? Path.GetFileName(file), NotebookReader.Parse(bytes, file), SHA256.HashData(bytes));

    public Notebook Clone() => new(File, Name, (JsonObject)Json.DeepClone(), _hashOfFile);

    public string ToJson() => JupyterJson.Write(Json);

    /// <summary>Whether the file still holds the bytes that were read from it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool IsFileUnchanged()
    {
        using var stream = System.IO.File.OpenRead(File);
        return SHA256.HashData(stream).AsSpan().SequenceEqual(_hashOfFile);
    }

    /// <param name="file">The file to make or replace.</param>
    /// <param name="last">What is to be checked right before it is replaced; where it throws, nothing is.</param>
    /// <exception cref="IOException">The file cannot be written, or it would be too large to be read again.</exception>
    public void Write(string file, Action? last = null)
    {
        var bytes = Encoding.UTF8.GetBytes(ToJson());
        if (bytes.Length > NotebookReader.MostBytes)
        {
            throw new IOException($"{file} was not written: it would have {bytes.Length:N0} bytes, and a notebook may have {NotebookReader.MostBytes:N0}.");
        }

        AtomicFile.Write(file, stream =>
        {
            stream.Write(bytes);
            last?.Invoke();
        });
    }
}
