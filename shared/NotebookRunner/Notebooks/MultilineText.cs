using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>nbformat's multi-line strings: one string, or a list of lines that keep their line ends.</summary>
internal static class MultilineText
{
    // In a notebook it lies some levels deeper, and must be read again.
    private const int DeepestData = NotebookReader.Deepest - 20;

    public static string Read(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(line => line?.GetValue<string>())),
        JsonValue text => text.GetValue<string>(),
        _ => "",
    };

    public static JsonArray Write(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    /// <summary>A value in the form that nbformat has for <paramref name="mimeType"/>: lines, JSON, or one string.</summary>
    public static JsonNode? WriteData(string mimeType, string text)
    {
        try
        {
            return mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "image/svg+xml" or "application/javascript" ? Write(text)
                : mimeType == "application/json" ? StrictJson.Parse(Encoding.UTF8.GetBytes(text), DeepestData)
                : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
