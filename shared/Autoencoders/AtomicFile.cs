using System.Text.RegularExpressions;

namespace Autoencoders;

/// <summary>Writes files that are there whole or not at all: beside, flushed to the disk, renamed.</summary>
/// <remarks>
/// A symbolic link stays one: the file that it leads to is replaced, and keeps its mode. What a killed process left of the same file is
/// removed at the next write. The temporary file is <c>NAME.xxxxxxxx.xxx.tmp</c>, and open as long as its writer lives.
/// </remarks>
public static partial class AtomicFile
{
    private const int MostLinks = 40, MostTries = 10;

    /// <summary>Lets <paramref name="write"/> fill a temporary file beside <paramref name="path"/>, then renames it.</summary>
    /// <param name="path">The file to make or replace; its folder is made if it is not there.</param>
    /// <param name="write">Writes the content, to a stream that can seek; where it throws, an older file stays as it was.</param>
    /// <exception cref="IOException">The file cannot be written: the disk is full, or the folder or the file's name do not allow it. The message names the file.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            var target = FollowLinks(Path.GetFullPath(path), MostLinks);
            if (Directory.Exists(target))
            {
                throw new IOException("there is a folder of this name.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            RemoveStale(target);
            using var stream = Open(target);
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                KeepMode(target, stream);
                // While it is open, no other writer takes it for stale.
                File.Move(stream.Name, target, overwrite: true);
            }
            catch
            {
                File.Delete(stream.Name);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be written: {e.Message}", e);
        }
    }

    // Folder by folder, since the target of a link begins where its folder really is.
    private static string FollowLinks(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var folder = FollowLinks(parent, links);
        var own = Path.Combine(folder, Path.GetFileName(path));
        return new FileInfo(own).LinkTarget is not { } target ? own
            : links > 0 ? FollowLinks(Path.GetFullPath(target, folder), links - 1)
            : throw new IOException("its symbolic links lead in a circle.");
    }

    private static FileStream Open(string target)
    {
        for (var tries = 1; ; tries++)
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete };
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                // What others may not read in the file they may not read here.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            try
            {
                var stream = new FileStream($"{target}.{Path.GetRandomFileName()}.tmp", options);
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

    private static void KeepMode(string target, FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
        }
    }

    private static void RemoveStale(string target)
    {
        var all = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true };
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, "*", all).Where(file => file.StartsWith(target, StringComparison.Ordinal) && Temporary.IsMatch(file[target.Length..])))
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

    // What comes behind the name: Path.GetRandomFileName in between, so that nobody's own file is meant.
    [GeneratedRegex(@"^\.[a-z0-5]{8}\.[a-z0-5]{3}\.tmp$")]
    private static partial Regex Temporary { get; }
}
