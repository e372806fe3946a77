namespace NotebookRunner.Execution;

/// <summary>Sends <see cref="Console.Out"/> and <see cref="Console.Error"/> to a recorder until disposed.</summary>
internal sealed class ConsoleCapture : IDisposable
{
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;

    public ConsoleCapture(OutputRecorder recorder)
    {
        Console.SetOut(new RecordingWriter(recorder, "stdout"));
        Console.SetError(new RecordingWriter(recorder, "stderr"));
    }

    public void Dispose()
    {
        Console.SetOut(_out);
        Console.SetError(_error);
    }
}
