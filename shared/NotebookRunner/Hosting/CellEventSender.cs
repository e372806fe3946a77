using System.IO.Pipes;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using NotebookRunner.Notebooks;
using Diagnostic = Microsoft.DotNet.Interactive.Diagnostic;

namespace NotebookRunner.Hosting;

/// <summary>Tells the runner of the kernel's events, values as nbformat outputs: as Jupyter's side of the kernel writes them.</summary>
internal sealed class CellEventSender(string pipe) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(new AnonymousPipeClientStream(PipeDirection.Out, pipe)) { AutoFlush = true };
    private readonly OutputBudget _budget = new();
    private List<Diagnostic> _errors = [];

    /// <summary>Before each cell.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _budget.Begin();
        }
    }

    /// <summary>A cell may write from any thread.</summary>
    public void Send(CellEvent cellEvent)
    {
        var line = JsonSerializer.Serialize(cellEvent, CellEvent.Json);
        lock (_gate)
        {
            _writer.WriteLine(line);
        }
    }

    /// <summary>Sends what is kept of what the cell wrote to a stream.</summary>
    public void Write(string stream, string text)
    {
        lock (_gate)
        {
            if (_budget.OfText(text) is { Length: > 0 } kept)
            {
                Send(new CellEvent.Wrote(stream, kept));
            }
        }
    }

    /// <summary>Sends what <paramref name="kernelEvent"/> says of cell <paramref name="number"/>, where it says something.</summary>
    public void Send(KernelEvent kernelEvent, int number)
    {
        switch (kernelEvent)
        {
            case ReturnValueProduced { Value: DisplayedValue }: // What display() returned: it is on the screen already.
                break;
            case ReturnValueProduced value:
                Show(value, data => new CellEvent.Showed(Output("execute_result", data, number), value.ValueId));
                break;
            case DisplayedValueProduced value:
                Show(value, data => new CellEvent.Showed(Output("display_data", data), value.ValueId));
                break;
            case DisplayedValueUpdated value:
                Show(value, data => new CellEvent.Updated(data, value.ValueId));
                break;
            case StandardOutputValueProduced text:
                Write("stdout", Text(text));
                break;
            case StandardErrorValueProduced or ErrorProduced:
                Write("stderr", Text((DisplayEvent)kernelEvent));
                break;
            case DiagnosticsProduced { Diagnostics: var diagnostics }:
                Send(diagnostics);
                break;
        }
    }

    /// <summary>The compiler's errors in the cell that ran last.</summary>
    public IReadOnlyList<Diagnostic> TakeErrors()
    {
        var errors = _errors;
        _errors = [];
        return errors;
    }

    public void Dispose() => _writer.Dispose();

    // Errors are told with the failure; warnings go where the kernel sends them.
    private void Send(IReadOnlyCollection<Diagnostic> diagnostics)
    {
        _errors.AddRange(diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));
        foreach (var warning in diagnostics.Where(d => d.Severity == DiagnosticSeverity.Warning))
        {
            Write("stderr", $"({warning.LinePositionSpan.Start.Line + 1},{warning.LinePositionSpan.Start.Character + 1}): warning {warning.Code}: {warning.Message}\n");
        }
    }

    private void Show(DisplayEvent value, Func<JsonObject, CellEvent> toEvent)
    {
        lock (_gate)
        {
            var instead = _budget.InsteadOfValue(value.FormattedValues.Sum(form => form.Value.Length));
            if (_budget.IsTooMuch)
            {
                Send(new CellEvent.Ended(OutputBudget.TooMuch));
            }
            else if (instead != "")
            {
                Send(toEvent(instead is null ? Data(value) : new JsonObject { [PlainTextFormatter.MimeType] = MultilineText.Write(instead) }));
            }
        }
    }

    private static JsonObject Output(string type, JsonObject data, int? executionCount = null)
    {
        var output = new JsonObject { ["data"] = data };
        if (executionCount is { } count)
        {
            output["execution_count"] = count;
        }

        output["metadata"] = new JsonObject();
        output["output_type"] = type;
        return output;
    }

    private static JsonObject Data(DisplayEvent value)
    {
        var data = new JsonObject();
        foreach (var form in value.FormattedValues)
        {
            data[form.MimeType] = MultilineText.WriteData(form.MimeType, form.Value);
        }

        return data;
    }

    private static string Text(DisplayEvent value) =>
        value.FormattedValues.FirstOrDefault(form => form.MimeType == PlainTextFormatter.MimeType)?.Value ?? value.Value?.ToString() ?? "";
}
