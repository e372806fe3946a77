using NotebookRunner.Notebooks;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Series;

/// <summary>No run replaces what somebody wrote.</summary>
public sealed class OutputCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".")]
    [InlineData("sub/..")]
    [InlineData("./.")]
    [InlineData("link")]
    [InlineData("sub/back")]
    [InlineData("detour/sub")]
    public void The_copy_is_not_the_source_in_any_spelling(string output)
    {
        Directory.CreateDirectory(_folder.File("sub"));
        if (output is not ("." or "./." or "sub/.."))
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
            Directory.CreateSymbolicLink(_folder.File("link"), _folder.Path);
            Directory.CreateSymbolicLink(_folder.File("sub/back"), "..");
            Directory.CreateDirectory(_folder.File("detour"));
            Directory.CreateSymbolicLink(_folder.File("detour/sub"), "../sub/back/.././" + Path.GetFileName(_folder.Path)); // Out of the folder behind the link.
        }

        Assert.Contains("would replace the notebook", Refusal(NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1")), output));
    }

    [Fact]
    public void The_copy_is_not_the_source_through_a_link_of_either()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Directory.CreateDirectory(_folder.File("out"));
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1"));
        File.CreateSymbolicLink(_folder.File("out/a.ipynb"), notebook.File);
        Assert.Contains("would replace the notebook", Refusal(notebook, "out"));

        File.Delete(_folder.File("out/a.ipynb"));
        File.Move(notebook.File, _folder.File("out/a.ipynb"));
        File.CreateSymbolicLink(notebook.File, "out/a.ipynb");
        Assert.Contains("would replace the notebook", Refusal(Notebook.Load(notebook.File), "out"));
    }

    [Fact]
    public void A_notebook_of_the_project_is_not_replaced_by_another()
    {
        Directory.CreateDirectory(_folder.File("notebooks/solutions"));
        var chapter = NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Code("1"));
        var solution = NotebookFile.Write(_folder, "notebooks/solutions/a.ipynb", NotebookFile.Code("2"));
        SourceHash.Record(solution);
        solution.Write(solution.File);

        Assert.Contains("solutions", Refusal(chapter, "notebooks/solutions"));
        Assert.Null(Refusal(chapter, "notebooks/elsewhere"));
    }

    [Fact]
    public void A_copy_that_was_edited_is_not_replaced()
    {
        Directory.CreateDirectory(_folder.File("out"));
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1"));
        var mine = NotebookFile.Write(_folder, "out/a.ipynb", NotebookFile.Code("my own"));
        Assert.Contains("not from a run, or was edited since", Refusal(notebook, "out"));

        SourceHash.Record(mine); // As a run does.
        mine.Write(mine.File);
        Assert.Null(Refusal(notebook, "out"));

        File.WriteAllText(mine.File, File.ReadAllText(mine.File).Replace("my own", "edited"));
        Assert.Contains("not from a run, or was edited since", Refusal(notebook, "out"));

        File.WriteAllText(_folder.File("out/a.html"), "a page that was written after it");
        File.SetLastWriteTimeUtc(_folder.File("out/a.html"), DateTime.UtcNow.AddSeconds(5));
        Assert.Null(Refusal(notebook, "out"));
    }

    [Fact]
    public async Task The_runner_refuses_before_anything_runs()
    {
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("System.IO.File.WriteAllText(\"ran\", \"\");"));
        var before = File.ReadAllBytes(notebook.File);

        var (exitCode, _, errors) = await RunnerProcess.RunAsync(notebook.File, "--output", _folder.Path);

        Assert.Equal(2, exitCode);
        Assert.Contains("The executed copy of a.ipynb would replace the notebook", errors);
        Assert.Equal(before, File.ReadAllBytes(notebook.File));
        Assert.Equal([notebook.File], Directory.GetFiles(_folder.Path));
    }

    private string? Refusal(Notebook notebook, string output)
    {
        try
        {
            OutputCheck.Check([notebook], new ArtifactPaths(_folder.Path, _folder.File(output)));
            return null;
        }
        catch (UsageException e)
        {
            return e.Message;
        }
    }
}
