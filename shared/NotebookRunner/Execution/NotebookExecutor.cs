using System.Diagnostics;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>Runs the cells of a notebook in order, until the end or the first that fails.</summary>
internal sealed class NotebookExecutor(string projectRoot, TimeSpan cellTimeout, IRunObserver observer)
{
    /// <summary>Runs a copy of <paramref name="source"/>; the result holds it with its new outputs.</summary>
    public async Task<NotebookResult> RunAsync(Notebook source, CancellationToken cancellation)
    {
        var notebook = source.Clone();
        foreach (var cell in notebook.CodeCells)
        {
            cell.SetOutputs(null, []);
        }

        observer.NotebookStarted(notebook);
        var folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = notebook.Folder;
        try
        {
            return await RunCellsAsync(notebook, cancellation);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    private async Task<NotebookResult> RunCellsAsync(Notebook notebook, CancellationToken cancellation)
    {
        var session = new ScriptSession(notebook.Folder);
        using var thread = new CellThread();
        var total = Stopwatch.StartNew();
        var cells = notebook.CodeCells;
        for (var i = 0; i < cells.Count; i++)
        {
            if (cancellation.IsCancellationRequested)
            {
                return new NotebookResult(notebook, RunState.Interrupted, i, total.Elapsed);
            }

            var started = total.Elapsed;
            observer.CellStarted(notebook, i + 1);
            var (state, failure) = await RunCellAsync(thread, session, notebook, cells[i], i + 1, cancellation);
            observer.CellEnded(notebook, i + 1, total.Elapsed - started);
            if (state != RunState.Ok)
            {
                return new NotebookResult(notebook, state, i + 1, total.Elapsed, failure);
            }
        }

        return new NotebookResult(notebook, RunState.Ok, cells.Count, total.Elapsed);
    }

    private async Task<(RunState, CellFailure?)> RunCellAsync(
        CellThread thread, ScriptSession session, Notebook notebook, NotebookCell cell, int number, CancellationToken cancellation)
    {
        var recorder = new OutputRecorder(text => observer.CellWrote(notebook, text));
        var (state, failure) = await TryRunAsync(thread, session, notebook, cell.Source, number, recorder, cancellation);
        if (failure is not null)
        {
            recorder.Fail(failure);
        }

        cell.SetOutputs(number, recorder.Close());
        return (state, failure);
    }

    private async Task<(RunState, CellFailure?)> TryRunAsync(
        CellThread thread, ScriptSession session, Notebook notebook, string source, int number, OutputRecorder recorder, CancellationToken cancellation)
    {
        var capture = new ConsoleCapture(recorder);
        var run = thread.Run(() => session.RunAsync(source, number, recorder));
        try
        {
            await run.WaitAsync(cellTimeout, cancellation);
            return (RunState.Ok, null);
        }
        catch (Exception) when (!run.IsCompleted && cancellation.IsCancellationRequested)
        {
            return (RunState.Interrupted, CellFailureFactory.Interrupted());
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            return (RunState.TimedOut, CellFailureFactory.Timeout(cellTimeout));
        }
        catch (Exception e)
        {
            var factory = new CellFailureFactory(new MachinePaths(projectRoot, notebook.Folder));
            return (RunState.Failed, factory.From(e, number, source));
        }
        finally
        {
            // The console stays with a cell that is left behind: what it still writes would land in our report.
            if (run.IsCompleted)
            {
                capture.Dispose();
            }
        }
    }
}
