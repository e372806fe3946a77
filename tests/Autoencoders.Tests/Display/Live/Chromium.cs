using PuppeteerSharp;

namespace Autoencoders.Tests.Display.Live;

/// <summary>A browser of this machine for the tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome"];

    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>A page with these elements, offline. Skips the test where no browser is.</summary>
    internal async Task<LivePage> OpenAsync(string body, int width = 1000)
    {
        Assert.SkipWhen(_browser is null, "No Chromium is on the PATH (Debian: chromium).");
        return await LivePage.OpenAsync(await _browser!.NewPageAsync(), body, width);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }
}
