using System.Collections.Concurrent;

namespace NotebookRunner.Execution;

/// <summary>
/// The one thread on which all cells of a notebook run, as in the .NET Interactive kernel. libtorch's OpenMP keeps helpers for each thread
/// that has computed; where they are more than the cores, they sleep between operations instead of waiting, and cells with
/// many small ones took two to three times as long.
/// </summary>
internal sealed class CellThread : IDisposable
{
    private readonly BlockingCollection<Action> _cells = [];

    public CellThread() => new Thread(RunCells) { IsBackground = true, Name = "cells" }.Start();

    /// <summary>Runs <paramref name="cell"/> after those before it; its exception is that of the task.</summary>
    public Task Run(Func<Task> cell)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = ExecutionContext.Capture()!;
        _cells.Add(() => ExecutionContext.Run(context, _ => Complete(cell, done), null));
        return done.Task;
    }

    /// <summary>Ends the thread once it has nothing left to run; a cell that never ends keeps it until the process does.</summary>
    public void Dispose() => _cells.CompleteAdding();

    private static void Complete(Func<Task> cell, TaskCompletionSource done)
    {
        try
        {
            cell().GetAwaiter().GetResult();
            done.SetResult();
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }

    private void RunCells()
    {
        foreach (var cell in _cells.GetConsumingEnumerable())
        {
            cell();
        }
    }
}
