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

    /// <summary>Whether a file lies in the folder of the chapters or below: then its page is one of the book.</summary>
    public bool IsInBook(string file) => file.StartsWith(Notebooks + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether a file's page is one of the book: it lies in the folder of the chapters or below, or is a text of the book.</summary>
    public bool IsPageOfBook(string file) => IsInBook(file) || (HasPage(file) && Path.GetExtension(file) == ".md");

    /// <summary>A file's name for people, from the project's folder: <c>shared/Autoencoders</c>.</summary>
    public string NameInProject(string file) => Path.GetRelativePath(projectRoot, file).Replace('\\', '/');

    /// <summary>Whether links to a file go to its page: notebooks have one, and the texts that belong to the book.</summary>
    public bool HasPage(string file) => Path.GetExtension(file) switch
    {
        ".ipynb" => true,
        ".md" => Path.GetDirectoryName(file) is { } folder && (folder == Notebooks || folder == Path.Combine(projectRoot, "docs")),
        _ => false,
    };

    /// <summary>The page of a notebook or text; that of the text about the folder of the chapters is the first.</summary>
    public string PageOf(string file) =>
        file == Path.Combine(Notebooks, "README.md") ? Path.Combine(output, "index.html") : Path.ChangeExtension(ExecutedOf(file), ".html");

    /// <summary>The way from a page to the output folder: empty, or <c>../</c>.</summary>
    public string WayToRoot(string file) => Path.GetRelativePath(FolderOf(file), output) is var way && way == "." ? "" : way.Replace('\\', '/') + "/";

    public string ExecutedOf(string notebook) => Path.Combine(FolderOf(notebook), Path.GetFileName(notebook));
}
