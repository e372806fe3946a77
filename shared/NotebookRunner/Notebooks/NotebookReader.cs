using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Notebooks;

/// <summary>
/// Reads and checks the JSON of a notebook: at most 200,000,000 bytes of UTF-8, in at most 100 levels. Whatever passes
/// can be run, shown and written.
/// </summary>
internal static class NotebookReader
{
    public const int MostBytes = 200_000_000, Deepest = 100;

    private const int LongestExcerpt = 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a file, if they are not too many.</summary>
    /// <exception cref="NotebookFormatException">The file cannot be read, or is too large.</exception>
    public static byte[] ReadBytes(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!stream.CanSeek)
            {
                throw new NotebookFormatException($"{file} is no regular file.");
            }

            if (stream.Length > MostBytes)
            {
                throw new NotebookFormatException($"{file} has {stream.Length:N0} bytes; a notebook may have {MostBytes:N0}.");
            }

            // One byte more than there should be: a device has no length and no end.
            var bytes = new byte[stream.Length + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count < bytes.Length ? bytes[..count] : throw new NotebookFormatException($"{file} is no regular file, or something writes to it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <param name="bytes">What is in the file.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="NotebookFormatException">It is no notebook of format 4.</exception>
    public static JsonObject Parse(byte[] bytes, string file)
    {
        var utf8 = bytes.AsSpan();
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8;
        if (OtherKind(utf8) is { } kind)
        {
            throw new NotebookFormatException($"{file} {kind}");
        }

        CheckEncoding(bytes, file);
        try
        {
            return Check(file, StrictJson.Parse(utf8, Deepest));
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"{file} {WhatIsWrong(utf8, e)}", e);
        }
    }

    // What people take for a notebook, by its first bytes.
    private static string? OtherKind(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.TrimStart(" \t\r\n"u8);
        var start = Encoding.Latin1.GetString(text[..Math.Min(text.Length, 60)]);
        return text.Length == 0 ? "is empty."
            : start.StartsWith("version https://git-lfs.github.com/spec", StringComparison.Ordinal) ? "is a pointer of Git LFS, and not the notebook itself: 'git lfs pull' brings that."
            : start.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "is an HTML page: download the notebook itself (on GitHub by the button 'Raw')."
            : start.StartsWith("PK\u0003\u0004", StringComparison.Ordinal) ? "is a zip archive: unpack it first."
            : start.StartsWith("\u001f\u008b", StringComparison.Ordinal) ? "is compressed by gzip: unpack it first."
            : start[0] is '\u00ff' or '\u00fe' or '\0' || start.Length > 1 && start[1] == '\0' ? "is written in UTF-16 or UTF-32, or is no text: save it as UTF-8."
            : null;
    }

    private static void CheckEncoding(byte[] bytes, string file)
    {
        try
        {
            Utf8.GetCharCount(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new NotebookFormatException($"{file} is not written in UTF-8 (line {LineAt(bytes, Math.Clamp(e.Index, 0, bytes.Length))}): save it as UTF-8.", e);
        }
    }

    private static string WhatIsWrong(ReadOnlySpan<byte> utf8, JsonException e)
    {
        if (ConflictMarker(utf8) is { } marker)
        {
            return $"holds the marker of a merge conflict (line {LineAt(utf8, marker)}): resolve the conflict first.";
        }

        var line = e.LineNumber + 1;
        if (e.GetType() == typeof(JsonException)) // Ours: those of the parser are derived from it.
        {
            return $"is not valid JSON: line {line} {e.Message}.";
        }

        var rest = RestFrom(utf8, e);
        return rest.IsEmpty ? $"is not valid JSON: it breaks off in line {line}."
            : NotANumber(rest) is { } number ? $"is not valid JSON: line {line} holds {number}, which JSON has no number for. Remove it, or write it as a text, in quotes."
            : $"is not valid JSON: in line {line}, '{Excerpt(rest)}' is not expected.";
    }

    // Where a line begins with one, no text of JSON goes on from the line before.
    private static int? ConflictMarker(ReadOnlySpan<byte> utf8)
    {
        for (var start = 0; start < utf8.Length;)
        {
            if (utf8[start..].StartsWith("<<<<<<< "u8) || utf8[start..].StartsWith(">>>>>>> "u8))
            {
                return start;
            }

            var newline = utf8[start..].IndexOf((byte)'\n');
            start = newline < 0 ? utf8.Length : start + newline + 1;
        }

        return null;
    }

    private static ReadOnlySpan<byte> RestFrom(ReadOnlySpan<byte> utf8, JsonException e)
    {
        var start = 0;
        for (var line = 0; line < e.LineNumber && utf8[start..].IndexOf((byte)'\n') is var newline and >= 0; line++)
        {
            start += newline + 1;
        }

        return utf8[(int)Math.Min(utf8.Length, start + (e.BytePositionInLine ?? 0))..];
    }

    private static string? NotANumber(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? "NaN" : rest.StartsWith("Infinity"u8) || rest.StartsWith("-Infinity"u8) ? "Infinity" : null;

    private static string Excerpt(ReadOnlySpan<byte> rest)
    {
        var text = Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, 4 * LongestExcerpt)]);
        var end = text.AsSpan().IndexOfAny(SearchValues.Create("\r\n"));
        text = (end > 0 ? text[..end] : text).Trim();
        return string.Concat(text.EnumerateRunes().Take(LongestExcerpt));
    }

    private static int LineAt(ReadOnlySpan<byte> bytes, int index) => bytes[..index].Count((byte)'\n') + 1;

    private static JsonObject Check(string file, JsonNode? json)
    {
        var notebook = json as JsonObject ?? throw new NotebookFormatException($"{file} is not a notebook: it has no list of cells.");
        CheckFormat(file, notebook);
        if (notebook["cells"] is not JsonArray cells || !cells.All(cell => cell is JsonObject))
        {
            throw new NotebookFormatException($"{file} is not a notebook: it has no list of cells.");
        }

        if (notebook.ContainsKey("metadata") && notebook["metadata"] is not JsonObject)
        {
            throw new NotebookFormatException($"{file}: its metadata is no object.");
        }

        foreach (var (index, cell) in cells.Index())
        {
            if (WhatIsWrong((JsonObject)cell!) is { } wrong)
            {
                throw new NotebookFormatException($"{file}: cell {index + 1} {wrong}.");
            }
        }

        return notebook;
    }

    private static void CheckFormat(string file, JsonObject notebook)
    {
        if (notebook["nbformat"] is not JsonValue format || !format.TryGetValue(out int version))
        {
            throw new NotebookFormatException(notebook["cells"] is JsonArray
                ? $"{file} is not a notebook of format 4: it has no number nbformat."
                : $"{file} is not a notebook: it has no list of cells.");
        }

        if (version < 4)
        {
            throw new NotebookFormatException($"{file} is a notebook of format {version}, and the runner reads format 4: convert it with 'jupyter nbconvert --to notebook --nbformat 4 {Path.GetFileName(file)}'.");
        }

        if (version > 4)
        {
            throw new NotebookFormatException($"{file} is a notebook of format {version}, and the runner reads format 4.");
        }
    }

    private static string? WhatIsWrong(JsonObject cell) =>
        !IsText(cell["cell_type"]) ? "has no cell_type, such as \"code\""
        : cell["source"] is { } source && !IsText(source) && !(source is JsonArray lines && lines.All(IsText)) ? "has a source that is neither a text nor a list of lines"
        : null;

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
}
