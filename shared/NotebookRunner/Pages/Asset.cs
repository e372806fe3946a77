namespace NotebookRunner.Pages;

/// <summary>The files that the runner carries along for its pages.</summary>
internal static class Asset
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Asset).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().TrimEnd();
    }
}
