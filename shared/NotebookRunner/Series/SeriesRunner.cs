using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Saving;

namespace NotebookRunner.Series;

/// <summary>Runs notebooks one after the other and writes what came of them.</summary>
internal sealed class SeriesRunner(string projectRoot, RunOptions options, IRunObserver observer)
{
    private const string ArtifactsVariable = "AUTOENCODERS_ARTIFACTS";

    private readonly NotebookExecutor _executor = new(projectRoot, options.CellTimeout, observer);

    /// <exception cref="NotebookFormatException">One of the files is no notebook; nothing was run.</exception>
    /// <exception cref="UsageException">The output folder cannot be made.</exception>
    public async Task<SeriesReport> RunAsync(CancellationToken cancellation)
    {
        Notebook[] notebooks = [.. options.Notebooks.Select(Notebook.Load)];
        CreateOutput();
        ChapterResults.Clear(options.Output);
        Environment.SetEnvironmentVariable(ArtifactsVariable, options.Output);

        var results = new List<NotebookResult>();
        foreach (var notebook in notebooks)
        {
            results.Add(results.All(r => r.MayContinue) && !cancellation.IsCancellationRequested
                ? await RunAsync(notebook, cancellation)
                : NotebookResult.NotRun(notebook));
        }

        var report = new SeriesReport(results, ChapterResults.Read(options.Output), cancellation.IsCancellationRequested);
        report.Write(options.Output);
        return report;
    }

    private void CreateOutput()
    {
        try
        {
            Directory.CreateDirectory(options.Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder cannot be made: {e.Message}");
        }
    }

    private async Task<NotebookResult> RunAsync(Notebook notebook, CancellationToken cancellation)
    {
        var result = await _executor.RunAsync(notebook, cancellation);
        var page = new NotebookPage(result.Notebook, options.Output, options.Notebooks).ToHtml();
        var name = Path.GetFileNameWithoutExtension(notebook.Name);
        result.Notebook.Write(Path.Combine(options.Output, $"{name}.ipynb"));
        await File.WriteAllTextAsync(Path.Combine(options.Output, $"{name}.html"), page, CancellationToken.None);
        if (options.Save && result.Ok)
        {
            result = Save(result);
        }

        observer.NotebookEnded(result);
        GC.Collect(); // The finished session's tensors are native memory that the collector does not count.
        return result;
    }

    private NotebookResult Save(NotebookResult result)
    {
        try
        {
            new NotebookSaver(projectRoot).Save(result.Notebook);
            return result;
        }
        catch (SaveException e)
        {
            return result with { SaveError = e.Message };
        }
    }
}
