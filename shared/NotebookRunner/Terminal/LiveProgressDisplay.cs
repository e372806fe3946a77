using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>A bar a notebook, redrawn in place, with what the running cell last wrote.</summary>
internal sealed class LiveProgressDisplay(IAnsiConsole terminal) : ProgressDisplay, IRunObserver
{
    private const int NoteWidth = 48;

    private ProgressContext? _progress;
    private ProgressTask? _task;

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
        _task = _progress!.AddTask(notebook.Name.EscapeMarkup(), maxValue: Math.Max(1, notebook.CodeCells.Count));
        if (notebook.CodeCells.Count == 0)
        {
            _task.Increment(1);
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

    public void CellEnded(Notebook notebook, int cell, TimeSpan elapsed) => _task!.Value = cell;

    public void NotebookEnded(NotebookResult result)
    {
        _task!.Description = $"{result.Notebook.Name.EscapeMarkup()} {StateText.Markup(result)}";
        _task.StopTask();
    }

    private void Describe(Notebook notebook, string note) =>
        _task!.Description = $"{notebook.Name.EscapeMarkup()} [grey]{note.EscapeMarkup()}[/]";
}
