namespace NotebookRunner.Execution;

/// <summary>Why a cell failed, with nothing of this machine in it.</summary>
/// <param name="Name">The exception's type, or what stands for one.</param>
/// <param name="Message">One sentence or more.</param>
/// <param name="Traceback">Where it happened, innermost first.</param>
/// <param name="Line">The line of the cell, from 1, where it is known.</param>
/// <param name="SourceLine">The text of that line.</param>
internal sealed record CellFailure(string Name, string Message, IReadOnlyList<string> Traceback, int? Line = null, string? SourceLine = null)
{
    public override string ToString() => $"{Name}: {Message}";
}
