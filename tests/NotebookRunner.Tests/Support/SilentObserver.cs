using NotebookRunner.Execution;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Tests.Support;

internal sealed class SilentObserver : IRunObserver
{
    public void NotebookStarted(Notebook notebook)
    {
    }

    public void CellStarted(Notebook notebook, int cell)
    {
    }

    public void CellWrote(Notebook notebook, string text)
    {
    }

    public void CellEnded(Notebook notebook, int cell, TimeSpan elapsed)
    {
    }

    public void NotebookEnded(NotebookResult result)
    {
    }
}
