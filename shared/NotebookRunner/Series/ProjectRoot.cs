namespace NotebookRunner.Series;

/// <summary>Finds the project that the runner was built in.</summary>
internal static class ProjectRoot
{
    /// <exception cref="DirectoryNotFoundException">The runner was taken out of the project.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "notebooks")) && Directory.Exists(Path.Combine(folder.FullName, "data")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"No folder above {AppContext.BaseDirectory} holds both notebooks/ and data/: keep the runner inside its project.");
    }
}
