using System.Diagnostics;
using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Series;

/// <summary>A file that cannot be written costs that file, and not the run.</summary>
public sealed class WriteFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.ipynb")]
    [InlineData("a.html")]
    [InlineData("series.json")]
    public async Task The_report_names_it_and_the_run_goes_on(string name)
    {
        Directory.CreateDirectory(_folder.File($"out/{name}/in-the-way"));
        string[] files = [.. new[] { "a", "b" }.Select(n => NotebookFile.Write(_folder, $"{n}.ipynb", NotebookFile.Code($"\"ran {n}\"")).File)];

        var (exitCode, output, errors) = await RunnerProcess.RunAsync([.. files, "--output", _folder.File("out")]);

        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains($"{name} was not written: a folder has this name.", output);
        string[] written = [.. new[] { "a.ipynb", "a.html", "b.ipynb", "b.html", "series.json" }.Where(file => file != name)];
        Assert.All(written, file => Assert.True(File.Exists(_folder.File($"out/{file}")), file));
        Assert.Empty(Directory.GetFiles(_folder.File("out"), "*.tmp"));
        if (name != "series.json")
        {
            var notebooks = JsonNode.Parse(File.ReadAllText(_folder.File("out/series.json")))!["notebooks"]!.AsArray();
            Assert.Equal([false, true], notebooks.Select(n => n!["ok"]!.GetValue<bool>()));
        }
    }

    [Fact]
    public async Task Results_that_cannot_be_read_are_told_and_the_run_goes_on()
    {
        var damage = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("System.IO.File.WriteAllText(System.IO.Path.Combine(Environment.GetEnvironmentVariable(\"AUTOENCODERS_ARTIFACTS\"), \"results.json\"), \"{\\\"metrics\\\": {\\\"x\\\": 1e999}}\");"));
        var good = NotebookFile.Write(_folder, "b.ipynb", NotebookFile.Code("1"));

        var (exitCode, output, _) = await RunnerProcess.RunAsync(damage.File, good.File, "--output", _folder.File("out"));

        Assert.Equal(1, exitCode);
        Assert.Contains("results.json cannot be read", output);
        Assert.Contains("the metric 'x' is no number", output);
        Assert.True(File.Exists(_folder.File("out/b.html")));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_notebook_as_it_was()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), "300k");
        var large = NotebookFile.Write(_folder, "disk/large.ipynb", NotebookFile.Code("new string('x', 760_000)"));
        var small = NotebookFile.Write(_folder, "disk/small.ipynb", NotebookFile.Code("\"fits\""));
        var before = File.ReadAllBytes(large.File);

        var (exitCode, output, errors) = await RunnerProcess.RunAsync(large.File, small.File, "--output", _folder.File("out"), "--save");

        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains("large.ipynb was not written: ", output);
        Assert.Equal(before, File.ReadAllBytes(large.File));
        Assert.Equal("fits", Assert.Single(Notebook.Load(small.File).CodeCells[0].Outputs).Text());
        Assert.Empty(Directory.GetFiles(_folder.File("disk"), "*.tmp"));
    }

    [Fact]
    public async Task A_full_disk_for_the_output_costs_what_does_not_fit()
    {
        using var disk = SmallDisk.Mount(_folder.File("disk"), "300k");
        var large = NotebookFile.Write(_folder, "large.ipynb", NotebookFile.Code("new string('x', 760_000)"));
        var small = NotebookFile.Write(_folder, "small.ipynb", NotebookFile.Code("\"fits\""));

        var (exitCode, output, errors) = await RunnerProcess.RunAsync(large.File, small.File, "--output", _folder.File("disk/out"), "--save");

        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains("large.ipynb was not written: ", output);
        Assert.Equal("fits", Assert.Single(Notebook.Load(_folder.File("disk/out/small.ipynb")).CodeCells[0].Outputs).Text());
        Assert.Equal(760_000, Assert.Single(Notebook.Load(large.File).CodeCells[0].Outputs).Text().Length);
    }

    [Fact]
    public async Task A_limit_on_the_size_of_files_is_as_a_full_disk()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such limit.");
        var large = NotebookFile.Write(_folder, "large.ipynb", NotebookFile.Code("new string('x', 760_000)"));
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -f 400; exec dotnet \"$@\"", "bash", typeof(Notebook).Assembly.Location, large.File, "--output", _folder.File("out")]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // .NET's own mapping of its code is a file beyond the limit.

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("large.ipynb was not written: it is larger than the system allows.", output);
        Assert.Equal(["large.html", "series.json"], Directory.GetFiles(_folder.File("out")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Solutions_that_cannot_be_read_cost_their_page_alone()
    {
        Directory.CreateDirectory(_folder.File("notebooks/solutions"));
        var chapter = NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Code("\"ran\""));
        File.WriteAllText(_folder.File("notebooks/solutions/a.ipynb"), "{\n<<<<<<< HEAD\n}");
        var options = new RunOptions([chapter.File], _folder.File("out"), TimeSpan.FromMinutes(2), Jobs: 1, Save: false, Browser: null);

        var report = await new SeriesRunner(_folder.Path, options, new SilentObserver()).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, report.ExitCode);
        var note = Assert.Single(Assert.Single(report.Notebooks).Notes);
        Assert.Contains("There is no page of the solutions", note);
        Assert.Contains("marker of a merge conflict (line 2)", note);
        Assert.True(File.Exists(_folder.File("out/a.html")));
    }
}
