namespace Autoencoders;

/// <summary>Finds the one name of a file that has several: no links, no detours.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Tells whether two such names are the same, as the system tells.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The full path with every symbolic link followed, also of a file that is not there.</summary>
    /// <exception cref="IOException">Links point to each other in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var (real, links) = (Path.GetPathRoot(full)!, 0);
        var rest = new Stack<string>(Parts(full[real.Length..]));
        while (rest.TryPop(out var part))
        {
            var next = part == ".." ? Path.GetDirectoryName(real) ?? real : part == "." ? real : Path.Combine(real, part);
            if (part is "." or ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("its links lead in a circle.");
            }

            var root = Path.GetPathRoot(target) ?? "";
            real = root.Length > 0 ? Path.GetPathRoot(Path.GetFullPath(target))! : real;
            foreach (var step in Parts(target[root.Length..]))
            {
                rest.Push(step);
            }
        }

        return real;
    }

    // The last first.
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
