using NotebookRunner.Series;

namespace NotebookRunner.Saving;

/// <summary>Finds the browser that draws charts for <c>--save</c>.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];

    private static readonly string[] Elsewhere = OperatingSystem.IsWindows()
        ? [@"%ProgramFiles%\Google\Chrome\Application\chrome.exe", @"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe", @"%LocalAppData%\Google\Chrome\Application\chrome.exe", @"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe", @"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe"]
        : [.. new[] { "Google Chrome", "Chromium", "Microsoft Edge" }.Select(name => $"/Applications/{name}.app/Contents/MacOS/{name}")];

    /// <summary>The full path of a Chromium-based browser; null where there is none, which matters only where there are charts.</summary>
    /// <param name="named">The one that the command line names; null to look on the PATH and where browsers are installed.</param>
    /// <exception cref="UsageException">The one that is named is not there.</exception>
    public static string? Find(string? named)
    {
        if (named is not null)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw new UsageException($"--browser names {named}, and there is no such file.");
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var places = folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))).Concat(Elsewhere.Select(Environment.ExpandEnvironmentVariables));
        return places.FirstOrDefault(File.Exists);
    }
}
