using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>One cell: a view on its JSON, which keeps whatever else it holds.</summary>
internal sealed class NotebookCell(JsonObject json)
{
    public bool IsCode => Kind == "code";

    public bool IsMarkdown => Kind == "markdown";

    public string Source => MultilineText.Read(json["source"]);

    public int? ExecutionCount => json["execution_count"]?.GetValue<int>();

    public IEnumerable<JsonObject> Outputs => (json["outputs"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The pictures that lie in the cell itself, by name, and each by its type.</summary>
    public JsonObject? Attachments => json["attachments"] as JsonObject;

    private string? Kind => json["cell_type"]?.GetValue<string>();

    public void SetOutputs(int? executionCount, JsonArray outputs)
    {
        json["execution_count"] = executionCount;
        json["outputs"] = outputs;
    }
}
