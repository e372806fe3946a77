using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>
/// Reads JSON all of whose parts can be used and written again. <see cref="JsonNode"/> alone reads names that come twice,
/// and texts that no string can hold, and fails where they are used.
/// </summary>
internal static class StrictJson
{
    /// <param name="utf8">The text.</param>
    /// <param name="deepest">How deep objects and lists may lie in each other.</param>
    /// <exception cref="JsonException">It is not such JSON; the message has no line, <see cref="JsonException.LineNumber"/> has, from 0.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, int deepest)
    {
        Check(utf8, deepest);
        return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { MaxDepth = deepest });
    }

    private static void Check(ReadOnlySpan<byte> utf8, int deepest)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = deepest + 1 });
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= deepest:
                    throw At(utf8, reader.TokenStartIndex, $"nests deeper than {deepest} levels");
                case JsonTokenType.StartObject:
                    names.Push([]);
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when Text(utf8, ref reader) is var name && !names.Peek().Add(name):
                    throw At(utf8, reader.TokenStartIndex, $"has the name \"{name}\" twice in one object");
                case JsonTokenType.String when reader.ValueIsEscaped:
                    Text(utf8, ref reader);
                    break;
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8, ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw At(utf8, reader.TokenStartIndex, "has half a surrogate pair in a text, which is no character");
        }
    }

    private static JsonException At(ReadOnlySpan<byte> utf8, long index, string message)
    {
        var before = utf8[..(int)index];
        return new JsonException(message, path: null, before.Count((byte)'\n'), index - before.LastIndexOf((byte)'\n') - 1);
    }
}
