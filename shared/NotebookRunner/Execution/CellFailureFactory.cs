using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace NotebookRunner.Execution;

/// <summary>Says what went wrong in a cell, in the reader's terms: the cell's own lines, the project's own paths.</summary>
internal sealed class CellFailureFactory(MachinePaths paths)
{
    public CellFailure From(Exception exception, int number, string source) => exception is CompilationErrorException compilation
        ? FromCompilation(compilation, source)
        : FromException(exception, number, source);

    public static CellFailure Timeout(TimeSpan limit) => new(
        "CellTimeout", $"The cell did not end within {limit.TotalSeconds:0.#} seconds (--cell-timeout).", []);

    public static CellFailure Interrupted() => new("Interrupted", "The run was stopped while this cell ran.", []);

    private CellFailure FromCompilation(CompilationErrorException exception, string source)
    {
        var errors = exception.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        var first = errors[0];
        return new CellFailure(
            "CompilationError", $"{first.Id}: {paths.Remove(first.GetMessage())}",
            [.. errors.Select(error => Describe(error, source))], LineOf(first), SourceLine(source, LineOf(first)));
    }

    private CellFailure FromException(Exception exception, int number, string source)
    {
        var line = LineOf(exception, number);
        var shown = exception;
        while (shown is System.Reflection.TargetInvocationException or TypeInitializationException && shown.InnerException is { } inner)
        {
            shown = inner;
        }

        return new CellFailure(shown.GetType().Name, paths.Remove(shown.Message), Traceback(exception), line, SourceLine(source, line));
    }

    private string Describe(Diagnostic error, string source)
    {
        var line = LineOf(error);
        return $"line {line}: error {error.Id}: {paths.Remove(error.GetMessage())}\n    {SourceLine(source, line)}";
    }

    private string[] Traceback(Exception exception) =>
    [
        .. paths.Remove(exception.ToString()).ReplaceLineEndings("\n").Split('\n')
            .Where(line => !line.Contains("Microsoft.CodeAnalysis.Scripting", StringComparison.Ordinal)
                && !line.StartsWith("--- End of stack trace", StringComparison.Ordinal)
                && !line.Contains("NotebookRunner.Execution.", StringComparison.Ordinal)),
    ];

    private static int? LineOf(Exception exception, int number)
    {
        var file = ScriptSession.FileOf(number);
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var frame = new StackTrace(e, fNeedFileInfo: true).GetFrames().FirstOrDefault(f => Path.GetFileName(f.GetFileName()) == file);
            if (frame is not null)
            {
                return frame.GetFileLineNumber();
            }
        }

        return null;
    }

    private static int LineOf(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition.Line + 1;

    private static string? SourceLine(string source, int? line)
    {
        var lines = source.Split('\n');
        return line is { } n && n >= 1 && n <= lines.Length ? lines[n - 1].Trim() : null;
    }
}
