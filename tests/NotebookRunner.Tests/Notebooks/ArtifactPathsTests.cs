using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Notebooks;

public sealed class ArtifactPathsTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly ArtifactPaths _paths;

    public ArtifactPathsTests() => _paths = new ArtifactPaths(_root.Path, _root.File("out"));

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("notebooks/01-a.ipynb", "01-a")]
    [InlineData("notebooks/solutions/01-a.ipynb", "solutions/01-a")]
    [InlineData("elsewhere/01-a.ipynb", "01-a")]
    [InlineData("notebooks-of-mine/01-a.ipynb", "01-a")]
    public void A_notebook_keeps_its_folder_below_notebooks(string notebook, string written)
    {
        var file = Path.GetFullPath(_root.File(notebook));

        Assert.Equal(written + ".ipynb", _paths.NameOf(file));
        Assert.Equal(Path.GetFullPath(_root.File($"out/{written}.html")), _paths.PageOf(file));
        Assert.Equal(Path.GetFullPath(_root.File($"out/{written}.ipynb")), _paths.ExecutedOf(file));
    }

    [Theory]
    [InlineData("01", "out")]
    [InlineData("solutions/01 solutions/02", "out/solutions")]
    [InlineData("01 solutions/01", "out")]
    public void The_report_lies_with_the_notebooks(string notebooks, string folder) => Assert.Equal(
        Path.GetFullPath(_root.File(folder)),
        _paths.FolderOf(notebooks.Split(' ').Select(name => _root.File($"notebooks/{name}.ipynb"))));
}
