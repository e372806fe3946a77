namespace NotebookRunner.Execution;

/// <summary>How the run of a notebook ended.</summary>
internal enum RunState
{
    /// <summary>Every cell succeeded.</summary>
    Ok,

    /// <summary>A cell threw or did not compile.</summary>
    Failed,

    /// <summary>A cell overran its time and still runs; nothing can be run after it.</summary>
    TimedOut,

    /// <summary>The user stopped the run.</summary>
    Interrupted,

    /// <summary>The run ended before its turn.</summary>
    NotRun,
}
