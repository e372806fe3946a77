using NotebookRunner.Notebooks;

namespace NotebookRunner.Series;

/// <summary>Finds the notebooks that the user means.</summary>
internal sealed class NotebookSelection(string projectRoot, ArtifactPaths paths)
{
    private readonly string _folder = Path.Combine(projectRoot, "notebooks");

    /// <summary>
    /// The files that <paramref name="names"/> mean, each once, in the order asked: a path, or the beginning of a name below
    /// <c>notebooks</c> (<c>01</c>, <c>solutions/01</c>). Without names: the chapters, which lie directly in <c>notebooks</c>.
    /// </summary>
    /// <exception cref="UsageException">A name fits nothing, or two notebooks would write the same files.</exception>
    public IReadOnlyList<string> Find(IReadOnlyCollection<string> names)
    {
        string[] files = [.. (names.Count == 0 ? Chapters() : names.SelectMany(Matches)).Distinct()];
        if (files.Length == 0)
        {
            throw new UsageException($"There are no notebooks in {_folder}.");
        }

        var twice = files.GroupBy(paths.PageOf).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? files
            : throw new UsageException($"Two notebooks are called {Path.GetFileName(twice.First())} and would overwrite each other's output: run them one at a time.");
    }

    private IEnumerable<string> Chapters() =>
        Directory.EnumerateFiles(_folder, "*.ipynb").Order(StringComparer.Ordinal);

    private string[] Matches(string name)
    {
        if (File.Exists(name))
        {
            return [Path.GetFullPath(name)];
        }

        var wanted = name.Replace('\\', '/');
        string[] files = [.. All().Where(file => Relative(file).StartsWith(wanted, StringComparison.OrdinalIgnoreCase))];
        return files.Length > 0
            ? files
            : throw new UsageException($"No notebook is called '{name}'. There are: {string.Join(", ", All().Select(Relative))}.");
    }

    private IEnumerable<string> All() => Directory
        .EnumerateFiles(_folder, "*.ipynb", SearchOption.AllDirectories)
        .Where(file => !file.Contains(".ipynb_checkpoints", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private string Relative(string file) => Path.GetRelativePath(_folder, file).Replace('\\', '/');
}
