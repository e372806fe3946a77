using System.Text;
using System.Text.Json.Nodes;
using Autoencoders;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Saving;

/// <summary>Writes the outputs of a run back into the notebook they came from.</summary>
/// <param name="projectRoot">The folder of the project.</param>
/// <param name="browser">What draws the still pictures of charts; null where there is nothing.</param>
internal sealed class NotebookSaver(string projectRoot, string? browser)
{
    private const int LargestBytes = 1_000_000;

    private readonly ChartStills _stills = new(browser);

    /// <param name="executed">The notebook with the outputs of the run.</param>
    /// <exception cref="SaveException">The outputs cannot be committed, or someone has changed the file since it was read; it is as it was.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was.</exception>
    public void Save(Notebook executed)
    {
        var notebook = executed.Clone();
        foreach (var output in notebook.CodeCells.SelectMany(cell => cell.Outputs))
        {
            _stills.Replace(output);
            CommittedOutput.Clean(output);
        }

        SourceHash.Record(notebook);
        CheckTraces(notebook);
        CheckSize(notebook);
        notebook.Write(notebook.File, () => CheckUnchanged(notebook));
        WritePictures(notebook);
    }

    private static void CheckUnchanged(Notebook notebook)
    {
        if (!File.Exists(notebook.File) || !notebook.IsFileUnchanged())
        {
            throw new SaveException($"{notebook.Name} was changed while it ran: the change is kept, and the outputs are in the executed copy only. Run it again.");
        }
    }

    // The pictures of chapters that README.md and the table of contents show: those of cells with a tag.
    private static void WritePictures(Notebook notebook)
    {
        foreach (var cell in notebook.CodeCells.Where(cell => cell.PictureName is not null && cell.Picture is not null))
        {
            AtomicFile.Write(Path.Combine(notebook.Folder, "thumbnails", $"{cell.PictureName}.png"), stream => stream.Write(Convert.FromBase64String(cell.Picture!)));
        }
    }

    private static IEnumerable<(string Id, JsonObject Output)> Outputs(Notebook notebook) =>
        notebook.CodeCells.SelectMany((cell, i) => cell.Outputs.Select((output, j) => (OutputId.Of(i + 1, j + 1), output)));

    private void CheckTraces(Notebook notebook)
    {
        var traces = MachineTraces.OfThisMachine(projectRoot, notebook.Folder);
        foreach (var (id, output) in Outputs(notebook))
        {
            if (traces.Find(output) is { } trace)
            {
                throw new SaveException($"{notebook.Name}: output {id} names this machine ('{trace}'); let the cell show something else.");
            }
        }
    }

    private static void CheckSize(Notebook notebook)
    {
        var bytes = Encoding.UTF8.GetByteCount(notebook.ToJson());
        if (bytes > LargestBytes)
        {
            throw new SaveException($"{notebook.Name} would have {bytes:N0} bytes, more than {LargestBytes:N0}: show smaller pictures.");
        }
    }
}
