using System.Runtime.InteropServices;

namespace NotebookRunner.Terminal;

/// <summary>Lets a file that grows beyond what the system allows (<c>ulimit -f</c>) be an <see cref="IOException"/>, as on a full disk.</summary>
internal static class FileSizeLimit
{
    // SIGXFSZ on Linux and macOS. What is not handled ends the process.
    private const PosixSignal Signal = (PosixSignal)25;

    /// <summary>From here on, until it is disposed.</summary>
    public static IDisposable? Catch() => OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Signal, context => context.Cancel = true);
}
