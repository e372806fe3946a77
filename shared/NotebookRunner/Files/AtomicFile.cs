using System.Security.Cryptography;
using System.Text;

namespace NotebookRunner.Files;

/// <summary>
/// Writes files that are there whole or not at all: beside, to the disk, renamed. Of a symbolic link the file that it
/// points to is written, a file keeps its mode, and what killed writers of the same file left beside it is removed.
/// </summary>
internal static class AtomicFile
{
    private const string Extension = ".tmp";
    private const int LongestName = 200;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes text as UTF-8; see the other overload.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="text">Its content.</param>
    /// <param name="last">What is to be checked right before the file is replaced; where it throws, nothing is.</param>
    public static void Write(string path, string text, Action? last = null) => Write(path, stream =>
    {
        using (var writer = new StreamWriter(stream, Utf8, leaveOpen: true))
        {
            writer.Write(text);
        }

        last?.Invoke();
    });

    /// <summary>Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="write">Writes the content; where it throws, an older file stays as it was.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it and says why.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = "";
        try
        {
            var target = RealPath.Of(path);
            CheckReplaceable(target);
            var start = StartOfTemporaries(target);
            RemoveAbandoned(start);
            temporary = start + Path.GetRandomFileName() + Extension;
            WriteAndRename(temporary, target, write);
        }
        catch (ArgumentOutOfRangeException e) when (e.TargetSite?.DeclaringType == typeof(RandomAccess))
        {
            // What .NET makes of EFBIG.
            throw new IOException($"{path} was not written: it is larger than the system allows.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = temporary.Length > 0 ? e.Message.Replace(temporary, Path.GetFileName(path), StringComparison.Ordinal) : e.Message;
            throw new IOException($"{path} was not written: {reason}", e);
        }
    }

    private static void WriteAndRename(string temporary, string target, Action<Stream> write)
    {
        // Open, and so locked, until it has its name: it is not taken for one that a killed writer left. Windows renames no locked file.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.Share = FileShare.None;
            options.UnixCreateMode = File.Exists(target) ? File.GetUnixFileMode(target) : null;
        }

        try
        {
            using var stream = new FileStream(temporary, options);
            if (!OperatingSystem.IsWindows() && options.UnixCreateMode is { } mode)
            {
                File.SetUnixFileMode(stream.SafeFileHandle, mode); // With what umask took away.
            }

            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
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

    private static string StartOfTemporaries(string target)
    {
        var name = Path.GetFileName(target);
        var stem = Encoding.UTF8.GetByteCount(name) <= LongestName ? name : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return Path.Combine(Path.GetDirectoryName(target)!, stem + ".");
    }

    private static void RemoveAbandoned(string start)
    {
        var length = start.Length + Path.GetRandomFileName().Length + Extension.Length;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(start)!, "*" + Extension).Where(file => file.Length == length && file.StartsWith(start, StringComparison.Ordinal)))
        {
            try
            {
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer is at work, or it was removed meanwhile, or it belongs to someone else.
            }
        }
    }
}
