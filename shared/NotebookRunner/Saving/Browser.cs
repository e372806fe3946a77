using System.Diagnostics;

namespace NotebookRunner.Saving;

/// <summary>The Chromium-based browser of this machine, run headless.</summary>
internal sealed class Browser(string executable)
{
    private const string PathVariable = "CHROME_PATH";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <exception cref="SaveException">There is none.</exception>
    public static Browser Find()
    {
        var named = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named)
                ? new Browser(named)
                : throw new SaveException($"{PathVariable} names {named}, which does not exist: charts need a Chromium-based browser for their still pictures.");
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = Names
            .SelectMany(name => folders.Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)))
            .FirstOrDefault(File.Exists);
        return found is not null
            ? new Browser(found)
            : throw new SaveException(
                $"Charts need a Chromium-based browser for their still pictures, and none was found: install chromium, or set {PathVariable} to the browser's program.");
    }

    /// <summary>Opens a page and returns its document after its scripts ran.</summary>
    /// <exception cref="SaveException">The browser failed or did not end.</exception>
    public async Task<string> DumpAsync(string htmlFile, string profileFolder, CancellationToken cancellation)
    {
        using var process = Process.Start(StartInfo(htmlFile, profileFolder))!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var page = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? page
                : throw new SaveException($"{executable} failed to draw the charts (exit code {process.ExitCode}): {(await errors).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new SaveException($"{executable} did not draw the charts within {Patience.TotalMinutes:0} minutes, or was stopped.");
        }
    }

    private ProcessStartInfo StartInfo(string htmlFile, string profileFolder) => new(executable,
    [
        // The page is our own, and the sandbox does not start in containers.
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb",
        $"--user-data-dir={profileFolder}", "--virtual-time-budget=120000", "--dump-dom", new Uri(htmlFile).AbsoluteUri,
    ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
