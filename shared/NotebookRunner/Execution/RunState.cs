namespace NotebookRunner.Execution;

/// <summary>How the run of a notebook ended.</summary>
internal enum RunState
{
    /// <summary>Every cell succeeded.</summary>
    Ok,

    /// <summary>A cell threw, did not compile, or ended its process.</summary>
    Failed,

    /// <summary>A cell overran its time.</summary>
    TimedOut,

    /// <summary>The user stopped the run.</summary>
    Interrupted,

    /// <summary>The run ended before its turn.</summary>
    NotRun,
}
