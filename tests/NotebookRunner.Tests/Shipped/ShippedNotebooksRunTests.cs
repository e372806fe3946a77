namespace NotebookRunner.Tests.Shipped;

/// <summary>Every chapter and its solutions run from the first cell to the last, on the shipped sample.</summary>
public sealed class ShippedNotebooksRunTests(SeriesRun run) : IClassFixture<SeriesRun>
{
    public static TheoryData<string> Names => [.. Chapters.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_cell_succeeds(string name)
    {
        var notebooks = new[] { run.Series, run.SolutionsSeries }.SelectMany(series => series["notebooks"]?.AsArray() ?? []);
        var result = notebooks.FirstOrDefault(n => n!["name"]!.GetValue<string>() == name);

        Assert.True(result?["ok"]?.GetValue<bool>() == true, run.Output);
        Assert.Equal(Chapters.Load(name).CodeCells.Count, result!["cells"]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_notebook_has_a_page(string name) => Assert.Contains("</html>", run.Page(name));

    [Fact]
    public void The_run_succeeds_on_the_sample_and_reports_its_quality()
    {
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("mnist-sample", run.Series["data"]!.GetValue<string>());
        Assert.All(new[] { "test_bce", "test_psnr_db", "train_images_per_second" }, name => Assert.True(run.Series["metrics"]![name]!.GetValue<double>() > 0, name));
        Assert.InRange(run.Series["metrics"]!["test_psnr_db"]!.GetValue<double>(), 24.5, 60);
    }

    [Fact]
    public void Without_names_the_chapters_run_alone() =>
        Assert.Equal(Chapters.Names, run.Series["notebooks"]!.AsArray().Select(n => n!["name"]!.GetValue<string>()));

    [Fact]
    public void The_solutions_leave_what_the_chapters_wrote()
    {
        Assert.True(run.SolutionsExitCode == 0, run.Output);
        Assert.Equal(run.ChapterFiles, run.HashFiles());
    }
}
