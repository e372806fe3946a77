using System.Diagnostics;

namespace Autoencoders;

/// <summary>A lock that one thread of one process holds at a time: an open file, which the system gives free when a process dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The file; it is made, and stays when the lock is given back.</param>
    /// <returns>Gives the lock back when it is disposed of.</returns>
    /// <exception cref="IOException">Another holds it for half a minute, or the file cannot be made.</exception>
    public static IDisposable Take(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (e.GetType() != typeof(IOException) || clock.Elapsed > Longest)
                {
                    throw new IOException($"{path} cannot be locked: {e.Message}", e);
                }
            }

            Thread.Sleep(Pause);
        }
    }
}
