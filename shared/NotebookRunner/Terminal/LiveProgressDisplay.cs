using System.Collections.Concurrent;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>A bar a notebook, of which several may go on at a time, redrawn in place, with what the running cell last wrote.</summary>
internal sealed class LiveProgressDisplay(IAnsiConsole terminal) : ProgressDisplay, IRunObserver
{
    private const int NoteWidth = 48;

    private readonly ConcurrentDictionary<Notebook, ProgressTask> _tasks = new();
    private ProgressContext? _progress;

    public override Task<T> ShowAsync<T>(Func<IRunObserver, Task<T>> run) => terminal
        .Progress()
        .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new ElapsedTimeColumn())
        .StartAsync(progress =>
        {
            _progress = progress;
            return run(this);
        });

    public void NotebookStarted(Notebook notebook)
    {
        var task = _progress!.AddTask(notebook.Name.EscapeMarkup(), maxValue: Math.Max(1, notebook.CodeCells.Count));
        _tasks[notebook] = task;
        if (notebook.CodeCells.Count == 0)
        {
            task.Increment(1);
        }
    }

    public void CellStarted(Notebook notebook, int cell) => Describe(notebook, $"cell {cell} of {notebook.CodeCells.Count}");

    public void CellWrote(Notebook notebook, string text)
    {
        var line = text.Split('\n', '\r').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0);
        if (line is not null)
        {
            Describe(notebook, line.Length > NoteWidth ? line[..NoteWidth] + "…" : line);
        }
    }

    public void CellEnded(Notebook notebook, int cell, TimeSpan elapsed) => _tasks[notebook].Value = cell;

    public void NotebookEnded(NotebookResult result)
    {
        var task = _tasks[result.Notebook];
        task.Description = $"{result.Notebook.Name.EscapeMarkup()} {StateText.Markup(result)}";
        task.StopTask();
    }

    private void Describe(Notebook notebook, string note) =>
        _tasks[notebook].Description = $"{notebook.Name.EscapeMarkup()} [grey]{note.EscapeMarkup()}[/]";
}
