namespace NotebookRunner.Execution;

/// <summary>The lines of a stack trace that say something to who wrote the cell: those of the kernel around it do not.</summary>
internal static class StackFrames
{
    private static readonly string[] OfTheKernel =
        ["Microsoft.CodeAnalysis.Scripting", "Microsoft.DotNet.Interactive.", "NotebookRunner.", "System.Threading.", "System.Runtime.CompilerServices.Async", "--- End of stack trace"];

    public static string[] OfTheCell(string trace) =>
    [
        .. trace.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("   at ", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal)
                || !OfTheKernel.Any(frame => line.Contains(frame, StringComparison.Ordinal))),
    ];
}
