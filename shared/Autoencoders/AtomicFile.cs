using System.Text;
using System.Text.RegularExpressions;

namespace Autoencoders;

/// <summary>Writes files that are there whole or not at all: beside, flushed to the disk, renamed.</summary>
/// <remarks>
/// Of a symbolic link the file that it leads to is replaced. A file keeps its mode, and one that is protected from writing stays. What
/// killed writers of the same file left is removed at the next write. The temporary file is <c>NAME.xxxxxxxx.xxx.tmp</c>, and open as
/// long as its writer lives.
/// </remarks>
public static class AtomicFile
{
    // Of the name, as much as leaves room for the rest in any alphabet.
    private const int LongestName = 60, MostTries = 10;

    /// <summary>Writes text as UTF-8; see the other overload.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="text">Its content.</param>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it.</summary>
    /// <param name="path">The file to make or replace; its folder is made if it is not there.</param>
    /// <param name="write">Writes the content, to a stream that can seek; where it throws, an older file stays as it was.</param>
    /// <exception cref="IOException">The file cannot be written: the disk is full, or the folder, the file's name or its mode do not allow it. The message names the file and says why.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Regex? temporaries = null;
        try
        {
            var target = RealPath.Of(path);
            CheckReplaceable(target);
            var (folder, name) = (Path.GetDirectoryName(target)!, Path.GetFileName(target));
            Directory.CreateDirectory(folder);
            var start = Path.Combine(folder, name[..Math.Min(name.Length, LongestName)]);
            // With Path.GetRandomFileName in between, so that nobody's own file is meant.
            temporaries = new Regex(Regex.Escape(start) + @"\.[a-z0-5]{8}\.[a-z0-5]{3}\.tmp");
            RemoveStale(folder, temporaries);
            using var stream = Open(start, target);
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                // While it is open, no other writer takes it for stale.
                File.Move(stream.Name, target, overwrite: true);
            }
            finally
            {
                File.Delete(stream.Name);
            }
        }
        catch (ArgumentOutOfRangeException e) when (e.TargetSite?.DeclaringType == typeof(RandomAccess))
        {
            // What .NET makes of EFBIG.
            throw new IOException($"{path} was not written: it is larger than the system allows.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} was not written: {temporaries?.Replace(e.Message, _ => path) ?? e.Message}", e);
        }
    }

    // A rename would replace what its owner has protected from writing.
    private static void CheckReplaceable(string target)
    {
        if (Directory.Exists(target))
        {
            throw new IOException("a folder has this name.");
        }

        const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        if (File.Exists(target) && (OperatingSystem.IsWindows() ? new FileInfo(target).IsReadOnly : (File.GetUnixFileMode(target) & Writable) == 0))
        {
            throw new IOException("it is read-only.");
        }
    }

    private static FileStream Open(string start, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete };
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            options.UnixCreateMode = File.GetUnixFileMode(target);
        }

        for (var tries = 1; ; tries++)
        {
            try
            {
                var stream = new FileStream($"{start}.{Path.GetRandomFileName()}.tmp", options);
                if (!OperatingSystem.IsWindows() && options.UnixCreateMode is { } mode)
                {
                    File.SetUnixFileMode(stream.SafeFileHandle, mode); // With what umask took away.
                }

                if (File.Exists(stream.Name))
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && tries < MostTries)
            {
                // Another writer saw the file before it was locked, and took it for stale.
            }
        }
    }

    private static void RemoveStale(string folder, Regex temporaries)
    {
        var all = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp", all).Where(file => temporaries.Replace(file, "").Length == 0))
        {
            try
            {
                // Opens only where no writer has it open.
                new FileStream(file, new FileStreamOptions { Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose }).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer lives, or it is somebody else's.
            }
        }
    }
}
