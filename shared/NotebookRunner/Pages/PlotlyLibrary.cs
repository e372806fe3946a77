using Autoencoders;
using Plotly.NET;

namespace NotebookRunner.Pages;

/// <summary>The plotly.js that Plotly.NET brings along: one file beside the pages instead of a copy in each.</summary>
internal static class PlotlyLibrary
{
    public const string FileName = "plotly.min.js";

    /// <summary>Writes the file into a folder, unless it is there.</summary>
    public static void WriteTo(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        using var script = Open();
        if (!file.Exists || file.Length != script.Length)
        {
            AtomicFile.Write(file.FullName, script.CopyTo);
        }
    }

    private static Stream Open()
    {
        var assembly = typeof(GenericChart).Assembly;
        return assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal)))!;
    }
}
