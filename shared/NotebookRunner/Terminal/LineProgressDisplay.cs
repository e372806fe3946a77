using System.Globalization;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>A line a cell.</summary>
internal sealed class LineProgressDisplay(IAnsiConsole terminal) : ProgressDisplay, IRunObserver
{
    private const int NameWidth = 36;

    public override Task<T> ShowAsync<T>(Func<IRunObserver, Task<T>> run) => run(this);

    public void NotebookStarted(Notebook notebook)
    {
    }

    public void CellStarted(Notebook notebook, int cell)
    {
    }

    public void CellWrote(Notebook notebook, string text)
    {
    }

    public void CellEnded(Notebook notebook, int cell, TimeSpan elapsed) => terminal.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{notebook.Name,-NameWidth}  cell {cell,2} of {notebook.CodeCells.Count}  {elapsed.TotalSeconds,7:0.00} s"));

    public void NotebookEnded(NotebookResult result)
    {
    }
}
