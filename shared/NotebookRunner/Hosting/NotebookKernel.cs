using System.Diagnostics;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Hosting;

/// <summary>The C# kernel as Jupyter's tool sets it up, and the lines of cells in stack traces.</summary>
internal sealed class NotebookKernel
{
    // The kernel compiles cells without debug information and offers no way to ask for it; without it an exception knows no line.
    private static readonly FieldInfo Options =
        typeof(CSharpKernel).GetField("_scriptOptions", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException("This version of CSharpKernel has no _scriptOptions.");

    private readonly CSharpKernel _csharp;
    private readonly Action<string, string> _write;
    private string _cell = "";

    /// <param name="write">Takes what cells write, after the name of the stream.</param>
    public NotebookKernel(Action<string, string> write)
    {
        _write = write;
        _csharp = new CSharpKernel().UseKernelHelpers().UseWho().UseValueSharing();
        _csharp.AddMiddleware(RunAsync);
        Root = new CompositeKernel { DefaultKernelName = _csharp.Name };
        Root.Add(_csharp, ["c#", "C#"]);
        Root.Add(new HtmlKernel());
        Root.UseImportMagicCommand();
        Root.AddDirective(new KernelActionDirective("#!time"), MeasureTime);
    }

    public CompositeKernel Root { get; }

    /// <summary>How many lines of the cell stand before the C# that runs or ran last: those of magic commands.</summary>
    public int LinesBefore { get; private set; }

    /// <summary>The name under which a cell stands in stack traces.</summary>
    public static string FileOf(int number) => $"cell {number}";

    /// <summary>Runs a cell; what it puts out comes as events of <see cref="Root"/>.</summary>
    /// <returns>Why it failed; null where it did not.</returns>
    public async Task<CommandFailed?> RunAsync(string cell, int number)
    {
        _cell = cell;
        var options = (ScriptOptions)Options.GetValue(_csharp)!;
        Options.SetValue(_csharp, options
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithFilePath(Path.Combine(Environment.CurrentDirectory, FileOf(number))));
        var result = await Root.SendAsync(new SubmitCode(cell));
        return result.Events.OfType<CommandFailed>().FirstOrDefault();
    }

    // An exception whose ToString throws breaks the kernel's own report of it, and the cell would count as successful.
    private async Task RunAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is SubmitCode { Code: var code })
        {
            LinesBefore = _cell.IndexOf(code, StringComparison.Ordinal) is var start and > 0 ? _cell.AsSpan(0, start).Count('\n') : 0;
        }

        // The kernel has put its own in this place.
        Console.SetOut(new CellWriter(text => _write("stdout", text)));
        Console.SetError(new CellWriter(text => _write("stderr", text)));
        try
        {
            await next(command, context);
        }
        catch (Exception e)
        {
            context.Fail(command, _csharp.ScriptState?.Exception ?? e, "The exception cannot be shown.");
        }
    }

    // As Microsoft.DotNet.Interactive.Jupyter has it, a package that is not published.
    private static Task MeasureTime(KernelCommand command, KernelInvocationContext context)
    {
        var start = Stopwatch.GetTimestamp();
        context.OnComplete(ended => ended.DisplayAs($"Wall time: {Stopwatch.GetElapsedTime(start).TotalMilliseconds}ms", PlainTextFormatter.MimeType));
        return Task.CompletedTask;
    }
}
