using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Notebooks;

public sealed class SourceHashTests
{
    [Fact]
    public async Task The_hash_ignores_outputs_and_the_record_of_itself()
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookFile.Write(folder, "a.ipynb", NotebookFile.Text("# A"), NotebookFile.Code("1 + 1"));
        var executed = (await Run.NotebookAsync(notebook)).Notebook;
        SourceHash.Record(executed);

        Assert.Null(SourceHash.Recorded(notebook));
        Assert.Equal(SourceHash.Of(notebook), SourceHash.Recorded(executed));
        Assert.Equal(SourceHash.Of(notebook), SourceHash.Of(executed));
    }

    [Fact]
    public void The_hash_sees_every_change_of_the_cells()
    {
        using var folder = new TemporaryFolder();
        string[] hashes =
        [
            Hash(NotebookFile.Code("ab"), NotebookFile.Code("c")), Hash(NotebookFile.Code("a"), NotebookFile.Code("bc")),
            Hash(NotebookFile.Code("c"), NotebookFile.Code("ab")), Hash(NotebookFile.Text("ab"), NotebookFile.Code("c")), Hash(NotebookFile.Code("abc")),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());

        string Hash(params System.Text.Json.Nodes.JsonObject[] cells) => SourceHash.Of(NotebookFile.Write(folder, "a.ipynb", cells));
    }
}
