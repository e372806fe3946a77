using System.Runtime.InteropServices;

namespace NotebookRunner.Terminal;

/// <summary>Turns what asks a program to end (Ctrl-C, SIGTERM, a closed terminal) into the cancellation of the run.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        On(PosixSignal.SIGINT, 130), On(PosixSignal.SIGTERM, 143), On(PosixSignal.SIGHUP, 129),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells which it was, as shells do; null where none came.</summary>
    public int? ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private PosixSignalRegistration On(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        ExitCode ??= exitCode;
        _source.Cancel();
    });
}
