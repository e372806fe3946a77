using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>One cell: a view on its JSON, which keeps whatever else it holds.</summary>
internal sealed class NotebookCell(JsonObject json)
{
    public bool IsCode => Kind == "code";

    public bool IsMarkdown => Kind == "markdown";

    public string Source => MultilineText.Read(json["source"]);

    public int? ExecutionCount => json["execution_count"] is JsonValue value && value.TryGetValue(out int count) ? count : null;

    public IEnumerable<JsonObject> Outputs => (json["outputs"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The pictures that lie in the cell itself, by name, and each by its type.</summary>
    public JsonObject? Attachments => json["attachments"] as JsonObject;

    /// <summary>The language that the cell itself names, as VS Code writes it; null where it has that of the notebook.</summary>
    public string? Language => TextOf("polyglot_notebook", "kernelName") ?? TextOf("dotnet_interactive", "language");

    private string? Kind => json["cell_type"]?.GetValue<string>();

    public void SetOutputs(int? executionCount, JsonArray outputs)
    {
        json["execution_count"] = executionCount;
        json["outputs"] = outputs;
    }

    private string? TextOf(string section, string name) =>
        ((json["metadata"] as JsonObject)?[section] as JsonObject)?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
