using System.Buffers.Binary;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Saving;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Saving;

public sealed class NotebookSaverTests : IDisposable
{
    // Stands in for the chart library: a class that it sets when drawn, a size, and a picture of that size.
    private const string ChartCell = """
        using Microsoft.DotNet.Interactive.Formatting;
        record Chart(string Html);
        Formatter.Register<Chart>((c, w) => w.Write(c.Html), "text/html");
        Formatter.Register<Chart>((c, w) => w.Write("the loss falls"), "text/plain");
        Formatter.SetPreferredMimeTypesFor(typeof(Chart), "text/html", "text/plain");
        new Chart(@"<div class=""plotly-chart""></div><script>
          window.Plotly = { toImage: (div, o) => { const c = document.createElement('canvas'); c.width = o.width * o.scale; c.height = o.height * o.scale; return Promise.resolve(c.toDataURL()); } };
          const box = document.querySelector('.plotly-chart'); box._fullLayout = { width: 80, height: 40 }; box.classList.add('js-plotly-plot');
        </script>")
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Outputs_and_the_hash_of_the_sources_are_written_back()
    {
        var saved = await SaveAsync("Console.WriteLine(\"kept\");");

        Assert.Equal("kept\n", Assert.Single(saved.CodeCells[0].Outputs).Text());
        Assert.Equal(SourceHash.Of(saved), SourceHash.Recorded(saved));
        Assert.Equal(1, saved.CodeCells[0].ExecutionCount);
    }

    [Fact]
    public async Task Saving_again_changes_nothing()
    {
        await SaveAsync("\"same\"");
        var first = File.ReadAllText(_folder.File("a.ipynb"));
        await RunAndSaveAsync(Notebook.Load(_folder.File("a.ipynb")));

        Assert.Equal(first, File.ReadAllText(_folder.File("a.ipynb")));
    }

    [Fact]
    public async Task A_chart_is_saved_as_the_picture_that_the_browser_drew()
    {
        SkipWithoutBrowser();
        var output = Assert.Single((await SaveAsync(ChartCell)).CodeCells[0].Outputs);

        Assert.Equal(["image/png", "text/plain"], output["data"]!.AsObject().Select(d => d.Key).Order());
        var png = Convert.FromBase64String(output["data"]!["image/png"]!.GetValue<string>());
        Assert.Equal((120, 60), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal(80, output["metadata"]!["image/png"]!["width"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_chart_that_is_never_drawn_is_an_error()
    {
        SkipWithoutBrowser();
        await AssertNotSavedAsync(ChartCell.Replace("classList.add('js-plotly-plot')", "title = ''"), "output 1.1");
    }

    [Fact]
    public async Task Charts_without_a_browser_are_one_clear_error()
    {
        var before = Environment.GetEnvironmentVariable("CHROME_PATH");
        Environment.SetEnvironmentVariable("CHROME_PATH", _folder.File("no-browser"));
        try
        {
            await AssertNotSavedAsync(ChartCell, "no-browser");
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHROME_PATH", before);
        }
    }

    [Fact]
    public Task Outputs_that_name_the_machine_are_an_error() => AssertNotSavedAsync("Environment.CurrentDirectory", "names this machine");

    [Fact]
    public Task More_than_a_megabyte_is_an_error() => AssertNotSavedAsync("new string('x', 1_000_000)", "1,000,000");

    private async Task AssertNotSavedAsync(string cell, string reason)
    {
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code(cell));
        var before = File.ReadAllText(notebook.File);

        Assert.Contains(reason, (await Assert.ThrowsAsync<SaveException>(() => RunAndSaveAsync(notebook))).Message);
        Assert.Equal(before, File.ReadAllText(notebook.File));
    }

    private async Task<Notebook> SaveAsync(string cell)
    {
        await RunAndSaveAsync(NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code(cell)));
        return Notebook.Load(_folder.File("a.ipynb"));
    }

    private async Task RunAndSaveAsync(Notebook notebook)
    {
        var result = await Run.NotebookAsync(notebook);
        Assert.True(result.Ok, result.Failure?.ToString());
        var page = new NotebookPage(result.Notebook, _folder.Path, [notebook.File]).ToHtml();
        await new NotebookSaver(ProjectRoot.Find()).SaveAsync(result.Notebook, page, TestContext.Current.CancellationToken);
    }

    private static void SkipWithoutBrowser()
    {
        try
        {
            Browser.Find();
        }
        catch (SaveException e)
        {
            Assert.Skip(e.Message);
        }
    }
}
