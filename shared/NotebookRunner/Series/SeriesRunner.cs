using System.Diagnostics;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Saving;

namespace NotebookRunner.Series;

/// <summary>Runs notebooks in their order, some side by side, and writes what came of them, after each.</summary>
internal sealed class SeriesRunner(string projectRoot, RunOptions options, IRunObserver observer)
{
    private readonly NotebookExecutor _executor = new(projectRoot, options.CellTimeout, observer);
    private readonly Lock _writing = new();
    private readonly ArtifactPaths _paths = new(projectRoot, options.Output);
    private readonly Book _book = new(projectRoot, new ArtifactPaths(projectRoot, options.Output));

    /// <exception cref="NotebookFormatException">One of the files is no notebook; nothing was run.</exception>
    /// <exception cref="UsageException">The output folder cannot be made, another run writes to it, or it holds what somebody wrote.</exception>
    public async Task<SeriesReport> RunAsync(CancellationToken cancellation)
    {
        Notebook[] notebooks = [.. options.Notebooks.Select(file => Notebook.Load(file, _paths.NameOf(file)))];
        Array.ForEach(notebooks, NotebookLanguage.Check);
        OutputCheck.Check(notebooks, _paths);
        var folder = _paths.FolderOf(options.Notebooks);
        using var folders = TakeFolders([.. options.Notebooks.Select(_paths.FolderOf), folder]);
        ChapterResults.Clear(folder);
        var book = Task.Run(options.Notebooks.Any(_paths.IsInBook) ? _book.Write : () => { });
        var clock = Stopwatch.StartNew();
        NotebookResult[] results = [.. notebooks.Select(NotebookResult.NotRun)];
        Report();
        await new SideBySide(options.Jobs).RunAsync(notebooks.Length, i => notebooks[i].RunsAlone, async (i, others) =>
        {
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            var result = await _executor.RunAsync(notebooks[i], _paths.FolderOf(notebooks[i].File), others ? Math.Max(1, Environment.ProcessorCount / options.Jobs) : null, cancellation);
            await book;
            lock (_writing)
            {
                results[i] = Write(result);
                Report();
            }
        });
        await book;
        return Report();

        SeriesReport Report() => new SeriesReport(results, ChapterResults.Read(folder), folder, clock.Elapsed, _book).Write();
    }

    private static FolderLock TakeFolders(string[] folders)
    {
        try
        {
            Array.ForEach(folders, folder => Directory.CreateDirectory(folder));
            return new FolderLock(folders);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder cannot be made, or be written to: {e.Message}");
        }
    }

    // Each folder is its own world: what a solution writes does not replace what its chapter wrote.
    private NotebookResult Write(NotebookResult result)
    {
        SourceHash.Record(result.Notebook);
        result = Write(result, () => result.Notebook.Write(_paths.ExecutedOf(result.Notebook.File)));
        result = Write(result, () => _book.WriteExecuted(result.Notebook));
        if (options.Save && result.State == RunState.Ok)
        {
            result = Save(result);
        }

        observer.NotebookEnded(result);
        return result;
    }

    // A file that cannot be written costs that file, and not the run.
    private static NotebookResult Write(NotebookResult result, Action write)
    {
        try
        {
            write();
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return result with { Unwritten = [.. result.Unwritten, e.Message] };
        }
    }

    private NotebookResult Save(NotebookResult result)
    {
        try
        {
            new NotebookSaver(projectRoot, options.Browser).Save(result.Notebook);
            return result;
        }
        catch (Exception e) when (e is SaveException or IOException)
        {
            return result with { SaveError = e.Message };
        }
    }
}
