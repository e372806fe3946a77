using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>Hears how the run goes on.</summary>
internal interface IRunObserver
{
    void NotebookStarted(Notebook notebook);

    void CellStarted(Notebook notebook, int cell);

    /// <summary>A cell wrote to the console. May come from any thread.</summary>
    void CellWrote(Notebook notebook, string text);

    void CellEnded(Notebook notebook, int cell, TimeSpan elapsed);

    void NotebookEnded(NotebookResult result);
}
