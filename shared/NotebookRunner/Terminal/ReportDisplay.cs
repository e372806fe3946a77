using System.Globalization;
using NotebookRunner.Execution;
using NotebookRunner.Series;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>The end of a run on the terminal: the table, what was measured, what failed, where the files are.</summary>
internal sealed class ReportDisplay(IAnsiConsole terminal, string projectRoot)
{
    public void Show(SeriesReport report, RunOptions options)
    {
        terminal.WriteLine();
        terminal.Write(Notebooks(report));
        if (report.Results.Metrics.Count > 0)
        {
            terminal.Write(Metrics(report.Results));
        }

        foreach (var result in report.Notebooks)
        {
            ShowFailure(result);
        }

        foreach (var error in new[] { report.WriteError, report.Results.Error }.OfType<string>())
        {
            terminal.MarkupLineInterpolated($"[red]{error}[/]");
        }

        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The run took {report.Elapsed.TotalSeconds:0} s{SideBySide(options)}."));
        terminal.WriteLine($"Pages, executed notebooks and series.json: {Shown(report.Folder)}");
        if (options.Save && report.Notebooks.Any(n => n.IsSaved))
        {
            terminal.WriteLine($"Outputs saved in: {string.Join(", ", report.Notebooks.Where(n => n.IsSaved).Select(n => Path.GetRelativePath(projectRoot, n.Notebook.File)))}");
        }
    }

    private static string SideBySide(RunOptions options) =>
        options is { Jobs: > 1, Notebooks.Count: > 1 } ? $", up to {options.Jobs} notebooks side by side (--jobs 1: one after the other, each on all cores)" : "";

    private static string Shown(string folder) =>
        Path.GetRelativePath(Environment.CurrentDirectory, folder) is var path && path.StartsWith("..", StringComparison.Ordinal) ? folder : path;

    private static Table Notebooks(SeriesReport report)
    {
        var table = new Table().RoundedBorder().AddColumn("Notebook")
            .AddColumn("Cells", c => c.RightAligned()).AddColumn("Seconds", c => c.RightAligned()).AddColumn("Ok");
        foreach (var result in report.Notebooks)
        {
            table.AddRow(
                result.Notebook.Name.EscapeMarkup(), result.Cells.ToString(CultureInfo.InvariantCulture),
                result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture), StateText.Markup(result));
        }

        return table;
    }

    private static Table Metrics(ChapterResults results)
    {
        var table = new Table().RoundedBorder().AddColumn($"Measured on {results.Data ?? "unknown data"}".EscapeMarkup()).AddColumn("Value", c => c.RightAligned());
        foreach (var (name, value) in results.Metrics)
        {
            table.AddRow(name.EscapeMarkup(), value.ToString("#,0.####", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private void ShowFailure(NotebookResult result)
    {
        if (result.Failure is { } failure)
        {
            terminal.MarkupLineInterpolated($"[red]{result.Notebook.Name}, cell {result.Cells}[/]: {failure.Name}: {failure.Message}");
            if (failure.SourceLine is not null)
            {
                terminal.MarkupLineInterpolated($"  line {failure.Line}: [bold]{failure.SourceLine}[/]");
            }

            foreach (var line in failure.Traceback)
            {
                terminal.MarkupLineInterpolated($"  [grey]{line}[/]");
            }
        }
        else if (result.SaveError is { } error)
        {
            terminal.MarkupLineInterpolated($"[red]{result.Notebook.Name} was not saved[/]: {error}");
        }

        foreach (var error in result.Unwritten)
        {
            terminal.MarkupLineInterpolated($"[red]{error}[/]");
        }

        foreach (var note in result.Notes)
        {
            terminal.MarkupLineInterpolated($"{note}");
        }
    }
}
