namespace NotebookRunner.Files;

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
        var links = 0;
        return Of(path, ref links);
    }

    private static string Of(string path, ref int links)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("its links lead in a circle.");
            }

            real = Of(Path.Combine(real, target), ref links);
        }

        return real;
    }
}
