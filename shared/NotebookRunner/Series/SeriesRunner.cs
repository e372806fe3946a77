using System.Diagnostics;
using NotebookRunner.Execution;
using NotebookRunner.Files;
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
    private readonly string[] _withPages = [.. options.Notebooks, .. options.Notebooks.Select(SolutionsOf).Where(File.Exists)];

    /// <exception cref="NotebookFormatException">One of the files is no notebook; nothing was run.</exception>
    /// <exception cref="UsageException">The output folder cannot be made.</exception>
    public async Task<SeriesReport> RunAsync(CancellationToken cancellation)
    {
        Notebook[] notebooks = [.. options.Notebooks.Select(file => Notebook.Load(file, _paths.NameOf(file)))];
        Array.ForEach(notebooks, NotebookLanguage.Check);
        OutputCheck.Check(notebooks, _paths);
        var folder = _paths.FolderOf(options.Notebooks);
        CreateFolders(folder);

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
            lock (_writing)
            {
                results[i] = Write(result);
                Report();
            }
        });
        return Report();

        SeriesReport Report() => new SeriesReport(results, ChapterResults.Read(folder), folder, clock.Elapsed).Write();
    }

    private static string SolutionsOf(string chapter) =>
        Path.Combine(Path.GetDirectoryName(chapter)!, "solutions", Path.GetFileName(chapter));

    private void CreateFolders(string report)
    {
        try
        {
            foreach (var folder in options.Notebooks.Select(_paths.FolderOf).Append(report))
            {
                Directory.CreateDirectory(folder);
            }

            ChapterResults.Clear(report);
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
        result = Write(result, () => WritePage(result.Notebook, executed: true));
        result = WriteSolutionPage(result);
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

    private void WritePage(Notebook notebook, bool executed)
    {
        var page = new NotebookPage(notebook, _paths, _withPages, executed);
        AtomicFile.Write(_paths.PageOf(notebook.File), page.ToHtml());
        if (page.NeedsPlotly)
        {
            PlotlyLibrary.WriteTo(_paths.Root);
        }
    }

    // A chapter links to its solutions. Where they do not run, their page shows the outputs that came with the project.
    private NotebookResult WriteSolutionPage(NotebookResult result)
    {
        var file = SolutionsOf(result.Notebook.File);
        var page = _paths.PageOf(file);
        if (!File.Exists(file) || options.Notebooks.Contains(file) || page == _paths.PageOf(result.Notebook.File) || File.GetLastWriteTimeUtc(page) >= File.GetLastWriteTimeUtc(file))
        {
            return result;
        }

        try
        {
            var solutions = Notebook.Load(file);
            return Write(result, () =>
            {
                Directory.CreateDirectory(_paths.FolderOf(file));
                WritePage(solutions, executed: false);
            });
        }
        catch (NotebookFormatException e)
        {
            return result with { Notes = [.. result.Notes, $"There is no page of the solutions: {e.Message}"] };
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
