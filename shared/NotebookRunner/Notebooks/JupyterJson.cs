using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>
/// Writes JSON byte for byte as Jupyter does: one space a level, non-ASCII characters and <c>&lt; &gt; &amp;</c> as they are,
/// numbers as they were read. System.Text.Json has no encoder that escapes this little.
/// </summary>
internal static class JupyterJson
{
    public static string Write(JsonNode root)
    {
        var text = new StringBuilder();
        WriteNode(text, root, 0);
        return text.Append('\n').ToString();
    }

    private static void WriteNode(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject o:
                WriteList(text, '{', '}', o, depth, property => WriteProperty(text, property, depth + 1));
                break;
            case JsonArray a:
                WriteList(text, '[', ']', a, depth, item => WriteNode(text, item, depth + 1));
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String:
                WriteString(text, v.GetValue<string>());
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void WriteList<T>(StringBuilder text, char open, char close, ICollection<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', depth + 1);
            write(item);
            first = false;
        }

        if (!first)
        {
            text.Append('\n').Append(' ', depth);
        }

        text.Append(close);
    }

    private static void WriteProperty(StringBuilder text, KeyValuePair<string, JsonNode?> property, int depth)
    {
        WriteString(text, property.Key);
        text.Append(": ");
        WriteNode(text, property.Value, depth);
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
