using NotebookRunner.Execution;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>Shows how a run goes on while it goes on.</summary>
internal abstract class ProgressDisplay
{
    /// <summary>The display that fits the terminal: redrawn in place, or lines where the output goes to a file or another program.</summary>
    public static ProgressDisplay For(IAnsiConsole terminal) =>
        terminal.Profile.Capabilities.Interactive && terminal.Profile.Capabilities.Ansi && !Console.IsOutputRedirected
            ? new LiveProgressDisplay(terminal)
            : new LineProgressDisplay(terminal);

    public abstract Task<T> ShowAsync<T>(Func<IRunObserver, Task<T>> run);
}
