using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Hosting;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>Gathers what one cell puts out, as nbformat outputs.</summary>
/// <param name="displays">The outputs of the notebook that can be replaced in place, by the id of their display.</param>
internal sealed class CellOutputs(Dictionary<string, JsonObject> displays)
{
    private readonly JsonArray _outputs = [];
    private readonly StringBuilder _text = new();
    private string? _stream;

    public void Add(CellEvent cellEvent)
    {
        switch (cellEvent)
        {
            case CellEvent.Wrote { Text: not "" } text:
                Write(text);
                break;
            case CellEvent.Showed shown:
                Add(shown.Output);
                if (shown.DisplayId is { } id)
                {
                    displays[id] = shown.Output;
                }

                break;
            case CellEvent.Updated update when displays.TryGetValue(update.DisplayId, out var output):
                output["data"] = update.Data;
                break;
        }
    }

    public void Add(CellFailure failure) => Add(new JsonObject
    {
        ["ename"] = failure.Name,
        ["evalue"] = failure.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. failure.Traceback.Select(line => JsonValue.Create(line))]),
    });

    /// <summary>All that came.</summary>
    public JsonArray Close()
    {
        FlushStream();
        return _outputs;
    }

    // Consecutive writes to one stream become one output.
    private void Write(CellEvent.Wrote text)
    {
        if (_stream != text.Stream)
        {
            FlushStream();
            _stream = text.Stream;
        }

        _text.Append(text.Text);
    }

    private void Add(JsonObject output)
    {
        FlushStream();
        _outputs.Add(output);
    }

    private void FlushStream()
    {
        if (_stream is not null)
        {
            _outputs.Add(new JsonObject { ["name"] = _stream, ["output_type"] = "stream", ["text"] = MultilineText.Write(_text.ToString()) });
            _text.Clear();
            _stream = null;
        }
    }
}
