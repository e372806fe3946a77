namespace NotebookRunner.Execution;

/// <summary>Takes the paths of this machine out of messages: what lies in the project is named from its root.</summary>
internal sealed class MachinePaths
{
    private readonly (string Path, string Replacement)[] _rules;

    public MachinePaths(string projectRoot, string notebookFolder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        _rules =
        [
            .. Below(notebookFolder), .. Below(projectRoot),
            .. home.Length > 1 ? new[] { (home, "~") } : [],
        ];
    }

    public string Remove(string text) =>
        _rules.Aggregate(text, (result, rule) => result.Replace(rule.Path, rule.Replacement, StringComparison.Ordinal));

    private static (string, string)[] Below(string folder) =>
        [(folder + Path.DirectorySeparatorChar, ""), (folder + "/", ""), (folder, ".")];
}
