using System.Diagnostics;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Events;
using NotebookRunner.Execution;
using Diagnostic = Microsoft.DotNet.Interactive.Diagnostic;

namespace NotebookRunner.Hosting;

/// <summary>Says what went wrong in a cell in the reader's terms: with the cell's own lines, without the kernel's frames.</summary>
/// <param name="cell">The source of the cell.</param>
/// <param name="file">Its name in stack traces.</param>
/// <param name="linesBefore">How many lines of the cell its stack traces do not count.</param>
internal sealed class CellFailureFactory(string cell, string file, int linesBefore)
{
    /// <param name="failed">What the kernel says.</param>
    /// <param name="errors">The compiler's errors in the cell.</param>
    public CellFailure From(CommandFailed failed, IReadOnlyList<Diagnostic> errors) => failed.Exception switch
    {
        CodeSubmissionCompilationErrorException when errors.Count > 0 => FromErrors(errors),
        { } exception => FromException(exception),
        null => new CellFailure("KernelError", failed.Message, []),
    };

    private CellFailure FromErrors(IReadOnlyList<Diagnostic> errors) => new(
        "CompilationError", $"{errors[0].Code}: {errors[0].Message}", [.. errors.Select(Describe)], LineOf(errors[0]), SourceLine(LineOf(errors[0])));

    private CellFailure FromException(Exception exception)
    {
        var line = LineOf(exception) + linesBefore;
        var shown = exception;
        while (shown is System.Reflection.TargetInvocationException or TypeInitializationException && shown.InnerException is { } inner)
        {
            shown = inner;
        }

        return new CellFailure(shown.GetType().Name, TextOf(() => shown.Message), StackFrames.OfTheCell(TextOf(exception.ToString)), line, SourceLine(line));
    }

    private string Describe(Diagnostic error) =>
        $"line {LineOf(error)}: error {error.Code}: {error.Message}\n    {SourceLine(LineOf(error))}";

    // An exception may be of the cell's own making, and may itself throw.
    private static string TextOf(Func<string?> text)
    {
        try
        {
            return text() ?? "";
        }
        catch (Exception e)
        {
            return $"(its text cannot be read: that throws {e.GetType().Name})";
        }
    }

    private int? LineOf(Exception exception)
    {
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

    private static int LineOf(Diagnostic error) => error.LinePositionSpan.Start.Line + 1;

    private string? SourceLine(int? line)
    {
        var lines = cell.Split('\n');
        return line is { } n && n >= 1 && n <= lines.Length ? lines[n - 1].Trim() : null;
    }
}
