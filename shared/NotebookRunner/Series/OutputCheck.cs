using Autoencoders;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Series;

/// <summary>Refuses a run whose executed copies would replace what somebody wrote.</summary>
internal static class OutputCheck
{
    /// <exception cref="UsageException">A copy would replace a notebook that is run, one of the project, or one that was edited.</exception>
    public static void Check(IReadOnlyCollection<Notebook> notebooks, ArtifactPaths paths)
    {
        var sources = notebooks.Select(notebook => Real(notebook.File)).ToHashSet(RealPath.Comparer);
        var project = Real(paths.Notebooks) + Path.DirectorySeparatorChar;
        foreach (var notebook in notebooks)
        {
            var copy = Real(paths.ExecutedOf(notebook.File));
            if (sources.Contains(copy) || File.Exists(copy) && copy.StartsWith(project, StringComparison.OrdinalIgnoreCase))
            {
                throw new UsageException($"The executed copy of {notebook.Name} would replace the notebook {copy}: name another folder with --output. (--save writes outputs back into notebooks.)");
            }

            if (!MayBeReplaced(copy, paths.PageOf(notebook.File)))
            {
                throw new UsageException($"The executed copy of {notebook.Name} would replace {copy}, which is not from a run, or was edited since: move it, or name another folder with --output.");
            }
        }
    }

    private static string Real(string path)
    {
        try
        {
            return RealPath.Of(path);
        }
        catch (IOException e)
        {
            throw new UsageException($"{path} cannot be used: {e.Message}");
        }
    }

    // A run records the hash of the cells, and writes a page after the copy. A file that is no notebook holds nobody's cells.
    private static bool MayBeReplaced(string copy, string page)
    {
        if (!File.Exists(copy) || File.GetLastWriteTimeUtc(page) >= File.GetLastWriteTimeUtc(copy))
        {
            return true;
        }

        try
        {
            var there = Notebook.Load(copy);
            return SourceHash.Recorded(there) == SourceHash.Of(there);
        }
        catch (NotebookFormatException)
        {
            return true;
        }
    }
}
