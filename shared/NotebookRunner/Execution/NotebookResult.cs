using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>What came of one notebook.</summary>
/// <param name="Notebook">The notebook with the outputs of this run.</param>
/// <param name="State">How it ended.</param>
/// <param name="Cells">How many code cells ran, a failed one included.</param>
/// <param name="Elapsed">The time they took.</param>
/// <param name="Failure">Why the last of them failed; null where none did.</param>
internal sealed record NotebookResult(Notebook Notebook, RunState State, int Cells, TimeSpan Elapsed, CellFailure? Failure = null)
{
    /// <summary>Why the outputs could not be saved; null where they were, or where nobody asked.</summary>
    public string? SaveError { get; init; }

    /// <summary>Whether the outputs are saved, where somebody asked.</summary>
    public bool IsSaved => State == RunState.Ok && SaveError is null;

    /// <summary>The files that could not be written, each with the reason.</summary>
    public IReadOnlyList<string> Unwritten { get; init; } = [];

    /// <summary>What else is to be said, and is no failure.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public bool Ok => State == RunState.Ok && SaveError is null && Unwritten.Count == 0;

    public static NotebookResult NotRun(Notebook notebook) => new(notebook, RunState.NotRun, 0, TimeSpan.Zero);
}
