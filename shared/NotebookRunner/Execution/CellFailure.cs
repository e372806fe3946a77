namespace NotebookRunner.Execution;

/// <summary>Why a cell failed.</summary>
/// <param name="Name">The exception's type, or what stands for one.</param>
/// <param name="Message">One sentence or more.</param>
/// <param name="Traceback">Where it happened, innermost first; of a process that ended, what it wrote last.</param>
/// <param name="Line">The line of the cell, from 1, where it is known.</param>
/// <param name="SourceLine">The text of that line.</param>
internal sealed record CellFailure(string Name, string Message, IReadOnlyList<string> Traceback, int? Line = null, string? SourceLine = null)
{
    public static CellFailure Timeout(TimeSpan limit) => new(
        "CellTimeout", $"The cell did not end within {limit.TotalSeconds:0.#} seconds (--cell-timeout).", []);

    public static CellFailure Interrupted() => new("Interrupted", "The run was stopped while this cell ran.", []);

    /// <param name="exitCode">The code of the process, which for a signal is 128 and its number, as a shell would say.</param>
    /// <param name="lastLines">What it wrote last.</param>
    public static CellFailure ProcessEnded(int exitCode, IReadOnlyList<string> lastLines) => new(
        "ProcessEnded", $"The process that ran the cell ended: exit code {exitCode}{SignalOf(exitCode)}.", lastLines);

    public override string ToString() => $"{Name}: {Message}";

    /// <summary>The same with <paramref name="change"/> done to each text.</summary>
    public CellFailure Select(Func<string, string> change) => this with { Message = change(Message), Traceback = [.. Traceback.Select(change)] };

    private static string SignalOf(int exitCode) => (exitCode - 128) switch
    {
        4 => ", SIGILL (an illegal instruction)",
        6 => ", SIGABRT (it aborted)",
        7 or 10 => ", SIGBUS (a bus error)",
        8 => ", SIGFPE (an arithmetic error)",
        9 => ", SIGKILL (someone killed it, or memory ran out)",
        11 => ", SIGSEGV (a crash in native code)",
        25 => ", SIGXFSZ (a file grew beyond the limit of the system)",
        15 => ", SIGTERM (someone ended it)",
        _ => "",
    };
}
