using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Pages;

/// <summary>Reads the text of an output that anything may have written: what is no text is shown as its JSON.</summary>
internal static class OutputText
{
    /// <summary>One string, or a list of lines.</summary>
    public static string Read(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(Read)),
        JsonValue value => OfValue(value),
        _ => node.ToJsonString(),
    };

    private static string OfValue(JsonValue value)
    {
        try
        {
            return value.TryGetValue(out string? text) ? text : value.ToJsonString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no string can hold.
            return value.GetValue<JsonElement>().GetRawText();
        }
    }
}
