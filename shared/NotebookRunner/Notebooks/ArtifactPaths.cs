namespace NotebookRunner.Notebooks;

/// <summary>
/// Where a run writes what comes of a notebook: one below <c>notebooks</c> keeps its folder there, so that
/// <c>solutions/01-a</c> does not overwrite <c>01-a</c>; any other lies at the top.
/// </summary>
internal sealed class ArtifactPaths(string projectRoot, string output)
{
    /// <summary>The folder of the project's notebooks.</summary>
    public string Notebooks { get; } = Path.Combine(projectRoot, "notebooks");

    /// <summary>The output folder.</summary>
    public string Root => output;

    /// <summary>The notebook's name for people, and below the output folder: <c>solutions/01-a.ipynb</c>.</summary>
    public string NameOf(string notebook)
    {
        var relative = Path.GetRelativePath(Notebooks, notebook).Replace('\\', '/');
        return Path.IsPathRooted(relative) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(notebook) : relative;
    }

    /// <summary>The folder for the executed notebook, its page and what its cells write.</summary>
    public string FolderOf(string notebook) => Path.GetDirectoryName(Path.GetFullPath(NameOf(notebook), output))!;

    /// <summary>The folder for the report on a run of several: theirs where they share one, else the output folder.</summary>
    public string FolderOf(IEnumerable<string> notebooks) =>
        notebooks.Select(FolderOf).Distinct().ToList() is [var folder] ? folder : output;

    public string PageOf(string notebook) => Path.ChangeExtension(ExecutedOf(notebook), ".html");

    public string ExecutedOf(string notebook) => Path.Combine(FolderOf(notebook), Path.GetFileName(notebook));
}
