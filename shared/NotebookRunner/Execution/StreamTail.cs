using System.Text;

namespace NotebookRunner.Execution;

/// <summary>Reads a stream to its end, and keeps its last lines.</summary>
internal sealed class StreamTail
{
    private const int Characters = 131_072, MostLines = 12;

    // How .NET begins to tell why it ends a process; what it writes before and after is often longer.
    private static readonly string[] Beginnings = ["Unhandled exception", "Stack overflow", "Process terminated", "Fatal error", "terminate called"];

    private readonly StringBuilder _text = new();
    private readonly Task _read;

    public StreamTail(TextReader reader) => _read = Task.Run(() => ReadAsync(reader));

    /// <summary>The last lines, from where .NET begins to say what happened; at most as long as <paramref name="patience"/> is waited for their end.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(TimeSpan patience)
    {
        await Task.WhenAny(_read, Task.Delay(patience));
        string text;
        lock (_text)
        {
            text = _text.ToString();
        }

        var lines = StackFrames.OfTheCell(text);
        var beginning = Array.FindLastIndex(lines, line => Beginnings.Any(b => line.StartsWith(b, StringComparison.Ordinal)));
        return beginning < 0 ? lines[^Math.Min(MostLines, lines.Length)..] : [.. lines.Skip(beginning).Take(MostLines)];
    }

    private async Task ReadAsync(TextReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            lock (_text)
            {
                _text.Append(buffer, 0, count);
                _text.Remove(0, Math.Max(0, _text.Length - Characters));
            }
        }
    }
}
