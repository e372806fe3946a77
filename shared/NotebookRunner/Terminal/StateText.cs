using NotebookRunner.Execution;

namespace NotebookRunner.Terminal;

/// <summary>The words for how a notebook ended.</summary>
internal static class StateText
{
    public static string Markup(NotebookResult result) => result switch
    {
        { Ok: true } => "[green]ok[/]",
        { SaveError: not null } => "[red]not saved[/]",
        { State: RunState.Ok } => "[red]not written[/]",
        { State: RunState.Failed } => "[red]failed[/]",
        { State: RunState.TimedOut } => "[red]timed out[/]",
        { State: RunState.Interrupted } => "[yellow]stopped[/]",
        _ => "[grey]not run[/]",
    };
}
