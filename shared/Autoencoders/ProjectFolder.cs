namespace Autoencoders;

/// <summary>Where the project's files lie, whoever runs the code: a notebook kernel, the runner or a test.</summary>
public static class ProjectFolder
{
    /// <summary>The environment variable that moves <see cref="Artifacts"/> elsewhere.</summary>
    public const string ArtifactsVariable = "AUTOENCODERS_ARTIFACTS";

    private static readonly Lazy<string> LazyRoot = new(FindRoot);

    /// <summary>The folder that holds <c>notebooks</c>, <c>shared</c> and <c>data</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">The library was taken out of the project, so that no parent folder has them.</exception>
    public static string Root => LazyRoot.Value;

    /// <summary>The folder for data sets and trained weights that come with the project.</summary>
    public static string Data => Path.Combine(Root, "data");

    /// <summary>
    /// The folder for what the chapters write, made on first use: <c>artifacts</c> in the project, or where
    /// the environment variable <c>AUTOENCODERS_ARTIFACTS</c> points.
    /// </summary>
    public static string Artifacts
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable(ArtifactsVariable);
            return Directory.CreateDirectory(string.IsNullOrEmpty(folder) ? Path.Combine(Root, "artifacts") : folder).FullName;
        }
    }

    private static string FindRoot()
    {
        string[] starts = [Path.GetDirectoryName(typeof(ProjectFolder).Assembly.Location) ?? "", AppContext.BaseDirectory, Environment.CurrentDirectory];
        foreach (var start in starts.Where(s => s.Length > 0))
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (Directory.Exists(Path.Combine(folder.FullName, "data", "mnist-sample")) && Directory.Exists(Path.Combine(folder.FullName, "notebooks")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException(
            $"No folder above {starts[0]} holds both notebooks/ and data/mnist-sample/: keep the library inside its project.");
    }
}
