using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using NotebookRunner.Hosting;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>Runs the cells of a notebook in order, until the end or the first that fails, each notebook in a process of its own.</summary>
internal sealed class NotebookExecutor(string projectRoot, TimeSpan cellTimeout, IRunObserver observer)
{
    private const string ArtifactsVariable = "AUTOENCODERS_ARTIFACTS", WorkersVariable = "AUTOENCODERS_WORKERS";

    // On a machine with much else to do, a start takes longer than a short --cell-timeout allows a cell.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    /// <summary>Runs a copy of <paramref name="source"/>; the result holds it with its new outputs.</summary>
    /// <param name="source">The notebook, in whose folder its cells run.</param>
    /// <param name="artifacts">The folder for what its cells write.</param>
    /// <param name="workers">How many threads it may use for what is large, since others run beside it; null for as many as there are cores.</param>
    /// <param name="cancellation">Ends the process at once.</param>
    public async Task<NotebookResult> RunAsync(Notebook source, string artifacts, int? workers, CancellationToken cancellation)
    {
        var notebook = source.Clone();
        foreach (var cell in notebook.CodeCells)
        {
            cell.SetOutputs(null, []);
        }

        observer.NotebookStarted(notebook);
        var environment = new Dictionary<string, string> { [ArtifactsVariable] = artifacts };
        if (workers is { } count)
        {
            environment[WorkersVariable] = count.ToString(CultureInfo.InvariantCulture);
        }

        using var kernel = new KernelProcess(notebook.Folder, environment);
        return await RunCellsAsync(kernel, notebook, cancellation);
    }

    private async Task<NotebookResult> RunCellsAsync(KernelProcess kernel, Notebook notebook, CancellationToken cancellation)
    {
        var paths = new MachinePaths(projectRoot, notebook.Folder);
        var displays = new Dictionary<string, JsonObject>();
        var total = Stopwatch.StartNew();
        var (state, failure) = await RunCellAsync(kernel, notebook, new CellOutputs(displays), StartTimeout, cancellation);
        if (state != RunState.Ok)
        {
            return new NotebookResult(notebook, state, 0, total.Elapsed, failure);
        }

        var cells = notebook.CodeCells;
        for (var i = 0; i < cells.Count; i++)
        {
            var started = total.Elapsed;
            var outputs = new CellOutputs(displays);
            observer.CellStarted(notebook, i + 1);
            kernel.Send(NotebookLanguage.Submission(cells[i]));
            (state, failure) = await RunCellAsync(kernel, notebook, outputs, cellTimeout, cancellation);
            if (failure is not null)
            {
                failure = failure.Select(paths.Remove);
                outputs.Add(failure);
            }

            cells[i].SetOutputs(i + 1, outputs.Close());
            observer.CellEnded(notebook, i + 1, total.Elapsed - started);
            if (state != RunState.Ok)
            {
                return new NotebookResult(notebook, state, i + 1, total.Elapsed, failure);
            }
        }

        return new NotebookResult(notebook, RunState.Ok, cells.Count, total.Elapsed);
    }

    private async Task<(RunState, CellFailure?)> RunCellAsync(
        KernelProcess kernel, Notebook notebook, CellOutputs outputs, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            while (await kernel.ReadAsync(limit.Token) is { } cellEvent)
            {
                switch (cellEvent)
                {
                    case CellEvent.Ended { Failure: var failure }:
                        return (failure is null ? RunState.Ok : RunState.Failed, failure);
                    case CellEvent.Wrote { Text: var text }:
                        observer.CellWrote(notebook, text);
                        break;
                }

                outputs.Add(cellEvent);
            }

            return (RunState.Failed, await kernel.EndAsync());
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? (RunState.Interrupted, CellFailure.Interrupted())
                : (RunState.TimedOut, CellFailure.Timeout(timeout));
        }
    }
}
