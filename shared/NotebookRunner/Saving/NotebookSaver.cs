using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Saving;

/// <summary>Writes the outputs of a run back into the notebook they came from.</summary>
internal sealed class NotebookSaver(string projectRoot)
{
    private const int LargestBytes = 1_000_000;

    /// <param name="executed">The notebook with the outputs of the run.</param>
    /// <param name="page">Its HTML page, on which the charts are drawn.</param>
    /// <param name="cancellation">Stops the browser.</param>
    /// <exception cref="SaveException">The outputs cannot be committed; the file is as it was.</exception>
    public async Task SaveAsync(Notebook executed, string page, CancellationToken cancellation)
    {
        var notebook = executed.Clone();
        await UseStillsAsync(notebook, page, cancellation);
        foreach (var output in notebook.CodeCells.SelectMany(cell => cell.Outputs))
        {
            CommittedOutput.Clean(output);
        }

        SourceHash.Record(notebook);
        CheckTraces(notebook);
        CheckSize(notebook);
        notebook.Write(notebook.File);
    }

    private static async Task UseStillsAsync(Notebook notebook, string page, CancellationToken cancellation)
    {
        var charts = Outputs(notebook).Where(o => CommittedOutput.HasChart(o.Output)).ToArray();
        if (charts.Length == 0)
        {
            return;
        }

        var stills = (await ChartStills.TakeAsync(page, cancellation)).ToLookup(still => still.Output);
        foreach (var (id, output) in charts)
        {
            CommittedOutput.UseStill(output, stills[id].ToArray() is [var still]
                ? still
                : throw new SaveException($"{notebook.Name}: output {id} must show one chart, and the browser drew {stills[id].Count()}."));
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
