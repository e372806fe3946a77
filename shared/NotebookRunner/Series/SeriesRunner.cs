using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Saving;

namespace NotebookRunner.Series;

/// <summary>Runs notebooks one after the other and writes what came of them, after each.</summary>
internal sealed class SeriesRunner(string projectRoot, RunOptions options, IRunObserver observer)
{
    private readonly NotebookExecutor _executor = new(projectRoot, options.CellTimeout, observer);
    private readonly ArtifactPaths _paths = new(projectRoot, options.Output);
    private readonly string[] _withPages = [.. options.Notebooks, .. options.Notebooks.Select(SolutionsOf).Where(File.Exists)];

    /// <exception cref="NotebookFormatException">One of the files is no notebook; nothing was run.</exception>
    /// <exception cref="UsageException">The output folder cannot be made.</exception>
    public async Task<SeriesReport> RunAsync(CancellationToken cancellation)
    {
        Notebook[] notebooks = [.. options.Notebooks.Select(file => Notebook.Load(file, _paths.NameOf(file)))];
        var folder = _paths.FolderOf(options.Notebooks);
        CreateFolders(folder);
        ChapterResults.Clear(folder);

        NotebookResult[] results = [.. notebooks.Select(NotebookResult.NotRun)];
        Report().Write();
        for (var i = 0; i < results.Length && !cancellation.IsCancellationRequested; i++)
        {
            results[i] = await RunAsync(notebooks[i], cancellation);
            Report().Write();
        }

        return Report();

        SeriesReport Report() => new(results, ChapterResults.Read(folder), folder);
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
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder cannot be made: {e.Message}");
        }
    }

    private async Task<NotebookResult> RunAsync(Notebook notebook, CancellationToken cancellation)
    {
        // Each folder is its own world: what a solution writes does not replace what its chapter wrote.
        var result = await _executor.RunAsync(notebook, _paths.FolderOf(notebook.File), cancellation);
        result.Notebook.Write(_paths.ExecutedOf(notebook.File));
        WritePage(result.Notebook, executed: true);
        WriteSolutionPage(notebook);
        if (options.Save && result.Ok)
        {
            result = Save(result);
        }

        observer.NotebookEnded(result);
        return result;
    }

    private void WritePage(Notebook notebook, bool executed)
    {
        var page = new NotebookPage(notebook, _paths, _withPages, executed);
        File.WriteAllText(_paths.PageOf(notebook.File), page.ToHtml());
        if (page.NeedsPlotly)
        {
            PlotlyLibrary.WriteTo(_paths.Root);
        }
    }

    // A chapter links to its solutions. Where they do not run, their page shows the outputs that came with the project.
    private void WriteSolutionPage(Notebook chapter)
    {
        var file = SolutionsOf(chapter.File);
        var page = _paths.PageOf(file);
        if (File.Exists(file) && !options.Notebooks.Contains(file) && File.GetLastWriteTimeUtc(page) < File.GetLastWriteTimeUtc(file))
        {
            Directory.CreateDirectory(_paths.FolderOf(file));
            WritePage(Notebook.Load(file), executed: false);
        }
    }

    private NotebookResult Save(NotebookResult result)
    {
        try
        {
            new NotebookSaver(projectRoot, options.Browser).Save(result.Notebook);
            return result;
        }
        catch (SaveException e)
        {
            return result with { SaveError = e.Message };
        }
    }
}
