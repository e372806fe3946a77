using System.Runtime.InteropServices;

namespace NotebookRunner.Terminal;

/// <summary>
/// Ends the process while a cell still runs. A plain exit would run the clean-up of native libraries under the cell's
/// feet: libtorch then crashes, and the exit code is lost.
/// </summary>
internal static partial class ProcessExit
{
    public static void AtOnce(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(-1, (uint)exitCode); // -1 is the handle of this process.
        }
        else
        {
            ExitUnix(exitCode);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitUnix(int status);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
