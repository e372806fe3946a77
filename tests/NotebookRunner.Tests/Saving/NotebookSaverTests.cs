using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Saving;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Saving;

public sealed class NotebookSaverTests : IDisposable
{
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
    public Task Outputs_that_name_the_machine_are_an_error() => AssertNotSavedAsync("Environment.CurrentDirectory", "names this machine");

    [Fact]
    public Task More_than_a_megabyte_is_an_error() => AssertNotSavedAsync("new string('x', 1_000_000)", "1,000,000");

    [Fact]
    public async Task The_picture_of_a_cell_with_a_tag_is_written_beside_the_chapters()
    {
        var cell = NotebookFile.Code("""
            record Picture;
            Microsoft.DotNet.Interactive.Formatting.Formatter.Register<Picture>((p, w) => w.Write("AAAA"), "image/png");
            Microsoft.DotNet.Interactive.Formatting.Formatter.SetPreferredMimeTypesFor(typeof(Picture), "image/png");
            new Picture()
            """);
        cell["metadata"] = new JsonObject { ["tags"] = new JsonArray("other", "picture:opening") };
        await RunAndSaveAsync(NotebookFile.Write(_folder, "a.ipynb", cell));

        Assert.Equal(Convert.FromBase64String("AAAA"), File.ReadAllBytes(_folder.File("thumbnails/opening.png")));
    }

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
        new NotebookSaver(ProjectRoot.Find(), browser: null).Save(result.Notebook);
    }
}
