using NotebookRunner.Notebooks;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Series;

public sealed class NotebookSelectionTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly NotebookSelection _selection;

    public NotebookSelectionTests()
    {
        Directory.CreateDirectory(_root.File("notebooks/solutions"));
        foreach (var name in new[] { "02-b.ipynb", "01-a.ipynb", "10-c.ipynb", "solutions/01-s.ipynb", "solutions/02-b.ipynb", "README.md" })
        {
            File.WriteAllText(_root.File($"notebooks/{name}"), "");
        }

        _selection = new NotebookSelection(_root.Path, new ArtifactPaths(_root.Path, _root.File("artifacts")));
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("", "01-a 02-b 10-c")]
    [InlineData("02", "02-b")]
    [InlineData("10-C.ipynb 01-a", "10-c 01-a")]
    [InlineData("0", "01-a 02-b")]
    [InlineData("solutions/01 01", "01-s 01-a")]
    [InlineData("01 01-a", "01-a")]
    [InlineData("02 solutions/02", "02-b 02-b")]
    [InlineData("solutions", "01-s 02-b")]
    public void Names_and_their_beginnings_are_found_in_order(string names, string expected) =>
        Assert.Equal(expected, string.Join(' ', _selection.Find(Split(names)).Select(Path.GetFileNameWithoutExtension)));

    [Fact]
    public void A_path_is_taken_as_it_is()
    {
        var path = _root.File("notebooks/solutions/01-s.ipynb");

        Assert.Equal([path], _selection.Find([path]));
    }

    [Theory]
    [InlineData("03", "No notebook is called '03'")]
    [InlineData("README", "No notebook is called 'README'")]
    public void What_cannot_be_run_is_refused(string names, string reason) =>
        Assert.Contains(reason, Assert.Throws<UsageException>(() => _selection.Find(Split(names))).Message);

    [Fact]
    public void Notebooks_that_would_write_the_same_files_are_refused()
    {
        File.WriteAllText(_root.File("02-b.ipynb"), "");
        var e = Assert.Throws<UsageException>(() => _selection.Find([_root.File("02-b.ipynb"), "02"]));

        Assert.Contains("Two notebooks are called 02-b.ipynb", e.Message);
    }

    private static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
