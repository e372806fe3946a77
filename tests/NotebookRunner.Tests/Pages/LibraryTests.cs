using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Pages;

/// <summary>The reference, of the library as it was built.</summary>
public sealed class LibraryTests
{
    private static readonly Library Reference = Library.Load(Path.Combine(ProjectRoot.Find(), "shared", "bin"));

    [Theory]
    [InlineData("MnistDataset", "MnistDataset")]
    [InlineData("MnistDataset.Load", "MnistDataset.Load")]
    [InlineData("Trainer.Fit(model, train)", "Trainer.Fit")]
    [InlineData("ImageCodec", "ImageCodec")]
    [InlineData("Console.WriteLine", null)]
    [InlineData("FileDownload", null)]
    [InlineData("TrainingCheckpoint.State", null)]
    [InlineData("", null)]
    public void Names_as_chapters_write_them_have_a_place(string name, string? anchor) => Assert.Equal(anchor, Reference.AnchorOf(name));

    [Fact]
    public void What_is_public_is_there_with_what_is_said_on_it()
    {
        Assert.Contains("<h2 id=\"Autoencoders.Data\">Autoencoders.Data</h2>", Reference.Content);
        Assert.Contains("<a href=\"#ConvAutoencoder\"><code>ConvAutoencoder</code></a>", Reference.Content);
        Assert.Contains("<li><code>title</code>: What the chart shows.</li>", Reference.Content);
        Assert.DoesNotContain("FileDownload", Reference.Content);
    }

    [Fact]
    public void An_overload_says_what_it_inherits()
    {
        var overload = Reference.Content[Reference.Content.IndexOf("<dt id=\"Charts.Lines-2\">", StringComparison.Ordinal)..];

        Assert.Contains("Lines, with a marker at each point", overload[..overload.IndexOf("</dd>", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Code_in_a_text_leads_to_the_reference_where_it_names_something_there()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("notebooks/solutions"));
        var notebook = NotebookFile.Write(folder, "notebooks/solutions/a.ipynb", NotebookFile.Text("`MnistDataset.Load` `Console` [`DigitGrid`](b.ipynb)\n\n```\nDigitGrid\n```"));

        var html = new NotebookPage(notebook, new ArtifactPaths(folder.Path, folder.File("artifacts")), library: Reference).ToHtml();

        Assert.Contains("<a href=\"../library.html#MnistDataset.Load\"><code>MnistDataset.Load</code></a> <code>Console</code> <a href=\"b.html\"><code>DigitGrid</code></a>", html);
        Assert.DoesNotContain("library.html#DigitGrid", html);
    }
}
