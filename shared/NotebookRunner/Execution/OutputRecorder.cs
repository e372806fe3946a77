using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Execution;

/// <summary>Collects what one cell puts out, as nbformat outputs. Cells may write from any thread.</summary>
internal sealed class OutputRecorder(Action<string>? onText = null)
{
    private readonly Lock _gate = new();
    private readonly JsonArray _outputs = [];
    private readonly StringBuilder _text = new();
    private string? _stream;
    private bool _closed;

    /// <summary>Adds text to the stream <c>stdout</c> or <c>stderr</c>; consecutive writes to one stream become one output.</summary>
    public void Write(string stream, string text)
    {
        lock (_gate)
        {
            if (_closed || text.Length == 0)
            {
                return;
            }

            if (_stream != stream)
            {
                FlushStream();
                _stream = stream;
            }

            _text.Append(text);
        }

        onText?.Invoke(text);
    }

    /// <summary>Adds the value of a cell.</summary>
    /// <param name="forms">What it looks like, by MIME type.</param>
    /// <param name="executionCount">The number of the cell.</param>
    public void Show(IReadOnlyDictionary<string, string> forms, int executionCount) => Add(new JsonObject
    {
        ["data"] = new JsonObject(forms.Select(form => KeyValuePair.Create(form.Key, Data(form.Key, form.Value)))),
        ["execution_count"] = executionCount,
        ["metadata"] = new JsonObject(),
        ["output_type"] = "execute_result",
    });

    public void Fail(CellFailure failure) => Add(new JsonObject
    {
        ["ename"] = failure.Name,
        ["evalue"] = failure.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. failure.Traceback.Select(line => JsonValue.Create(line))]),
    });

    /// <summary>What came so far. What an abandoned cell puts out later is dropped.</summary>
    public JsonArray Close()
    {
        lock (_gate)
        {
            FlushStream();
            _closed = true;
            return _outputs;
        }
    }

    private static JsonNode? Data(string mimeType, string text) =>
        mimeType.StartsWith("text/", StringComparison.Ordinal) ? MultilineText.Write(text) : JsonValue.Create(text);

    private void Add(JsonObject output)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                FlushStream();
                _outputs.Add(output);
            }
        }
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
