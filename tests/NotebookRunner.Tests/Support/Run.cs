using System.Text.Json.Nodes;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using NotebookRunner.Series;

namespace NotebookRunner.Tests.Support;

/// <summary>Runs cells as the runner does, without its command line.</summary>
internal static class Run
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<NotebookResult> CellsAsync(params string[] cells)
    {
        using var folder = new TemporaryFolder();
        return await NotebookAsync(NotebookFile.Write(folder, "test.ipynb", [.. cells.Select(NotebookFile.Code)]));
    }

    public static Task<NotebookResult> NotebookAsync(Notebook notebook, TimeSpan? cellTimeout = null) =>
        new NotebookExecutor(ProjectRoot.Find(), cellTimeout ?? Patience, new SilentObserver())
            .RunAsync(notebook, notebook.Folder, workers: null, TestContext.Current.CancellationToken);

    /// <summary>The outputs of one code cell, from 1.</summary>
    public static JsonObject[] OutputsOf(this NotebookResult result, int cell) => [.. result.Notebook.CodeCells[cell - 1].Outputs];

    /// <summary>A stream's text, or what a result shows in one form; empty where there is none.</summary>
    public static string Text(this JsonObject output, string mimeType = "text/plain") =>
        MultilineText.Read(output["text"] ?? output["data"]?[mimeType]);
}
