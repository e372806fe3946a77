using NotebookRunner.Saving;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;
using PuppeteerSharp;

namespace NotebookRunner.Tests.Pages;

/// <summary>A run of two notebooks, the book that it left, and a browser without a network to read it with.</summary>
public sealed class ReadBook : IAsyncLifetime
{
    // All kinds of charts and figures that the chapters show, in a notebook that takes seconds.
    private static readonly string[] Figures =
    [
        """
        #r "BIN/Autoencoders.dll"
        #r "BIN/TorchSharp.dll"
        #r "BIN/Plotly.NET.dll"
        #r "BIN/Plotly.NET.CSharp.dll"
        using Autoencoders.Data;
        using Autoencoders.Display;
        using Autoencoders.Models;
        using Plotly.NET.CSharp;
        Notebook.Setup(seed: 42)
        """,
        """Charts.Lines("Two lines", "time (s)", "way (m)", ("walked", new double[] { 1, 2, 3 }, new double[] { 1, 4, 9 }), ("run", new double[] { 1, 2, 3 }, new double[] { 9, 11, 30 })).WithReferenceLine("the goal", 20)""",
        """Charts.Points("Points", "x", "y", ("a", new double[] { 1, 2 }, new double[] { 3, 4 })).WithLogX()""",
        """Charts.Bars("Bars", "digit", "share (%)", ["0", "1"], ("training", new double[] { 3, 4 }), ("test", new double[] { 4, 4 }))""",
        """Charts.Histogram("Values", "value", new double[] { 1, 2, 2, 3 }, bins: 3)""",
        """Chart.Heatmap<long, string, string, string>(new[] { new long[] { 1, 2 }, new long[] { 3, 4 } }, X: new[] { "a", "b" }, Y: new[] { "c", "d" }).WithTitles("Heat", "read as", "asked for")""",
        """DrawingPad.Of(new ConvAutoencoder(), MnistDataset.Load().Test.Take(2).ToTensor())""",
    ];

    private readonly TemporaryFolder _folder = new();

    private IBrowser? _browser;

    public string Folder => _folder.File("book");

    public IEnumerable<string> Pages => Directory.EnumerateFiles(Folder, "*.html", SearchOption.AllDirectories).Select(page => Path.GetRelativePath(Folder, page)).Order(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        if (FindBrowser() is not { } path)
        {
            return;
        }

        var bin = Path.Combine(ProjectRoot.Find(), "shared", "bin").Replace('\\', '/');
        var figures = NotebookFile.Write(_folder, "figures.ipynb", [NotebookFile.Text("# Figures"), .. Figures.Select(cell => NotebookFile.Code(cell.Replace("BIN", bin, StringComparison.Ordinal)))]);
        var (exitCode, output, errors) = await RunnerProcess.RunAsync("01", figures.File, "--output", Folder);
        Assert.True(exitCode == 0, output + errors);
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = ["--no-sandbox"] });
    }

    /// <summary>Opens a page and waits until its scripts have drawn. Skips the test where no browser is.</summary>
    /// <param name="page">The page, below the book's folder.</param>
    /// <param name="width">Pixels of the window.</param>
    /// <param name="dark">What the reader's system is set to.</param>
    public async Task<BookPage> OpenAsync(string page, int width = 1280, bool dark = false)
    {
        Assert.SkipWhen(_browser is null, "No Chromium is installed (Debian: chromium).");
        var opened = new BookPage(await _browser!.NewPageAsync());
        await opened.LoadAsync(new Uri(Path.Combine(Folder, page)).AbsoluteUri, width, dark);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string? FindBrowser()
    {
        try
        {
            return Chromium.Find(null);
        }
        catch (UsageException)
        {
            return null;
        }
    }
}
