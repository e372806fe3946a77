using System.Text;

namespace NotebookRunner.Execution;

/// <summary>A console stream of a cell.</summary>
internal sealed class RecordingWriter(OutputRecorder recorder, string stream) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override string NewLine => "\n";

    public override void Write(char value) => recorder.Write(stream, value.ToString());

    public override void Write(string? value) => recorder.Write(stream, value ?? "");

    public override void Write(char[] buffer, int index, int count) => recorder.Write(stream, new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => recorder.Write(stream, buffer.ToString());

    public override void WriteLine(string? value) => recorder.Write(stream, value + NewLine);
}
