using System.Text;

namespace NotebookRunner.Hosting;

/// <summary>
/// What a cell finds as <c>Console.Out</c> or <c>Console.Error</c>. The kernel's own would make an event of each write, and
/// keep all of them until the cell ends: one that writes for ever would take the machine's memory.
/// </summary>
internal sealed class CellWriter(Action<string> write) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => write(value.ToString());

    public override void Write(string? value) => write(value ?? "");

    public override void Write(char[] buffer, int index, int count) => write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => write(new string(buffer));

    public override void WriteLine(string? value) => write(value + NewLine);
}
