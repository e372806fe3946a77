using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Series;

/// <summary>The program as a whole: what it writes and what it returns.</summary>
public sealed class RunnerProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_good_run_writes_notebook_page_and_series()
    {
        var notebook = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Text("# Good"), NotebookFile.Code("""
            using System.IO;
            var folder = Environment.GetEnvironmentVariable("AUTOENCODERS_ARTIFACTS");
            File.WriteAllText(Path.Combine(folder, "results.json"), "{\"data\": \"mnist-sample\", \"metrics\": {\"test_bce\": 0.07}}");
            "done"
            """));
        var (exitCode, output, errors) = await RunnerProcess.RunAsync(notebook.File, "--output", Output);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("good.ipynb", output);
        Assert.Contains("test_bce", output);
        Assert.Equal("done", Assert.Single(Notebook.Load(Path.Combine(Output, "good.ipynb")).CodeCells[0].Outputs).Text());
        Assert.Contains("<title>Good</title>", File.ReadAllText(Path.Combine(Output, "good.html")));
        var series = Series();
        series["notebooks"]![0]!["seconds"] = 1;
        series["seconds"] = 2;
        Assert.Equal(
            """{"data":"mnist-sample","seconds":2,"notebooks":[{"name":"good.ipynb","ok":true,"cells":1,"seconds":1}],"metrics":{"test_bce":0.07}}""",
            series.ToJsonString());
        Assert.Empty(Notebook.Load(notebook.File).CodeCells[0].Outputs);
    }

    [Fact]
    public async Task A_cell_that_throws_is_named_and_later_notebooks_run()
    {
        var bad = NotebookFile.Write(_folder, "bad.ipynb", NotebookFile.Code("1"), NotebookFile.Code("var a = 1;\nthrow new InvalidOperationException(\"no digits\");"), NotebookFile.Code("2"));
        var good = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Code("1"));
        var (exitCode, output, _) = await RunnerProcess.RunAsync(bad.File, good.File, "--output", Output);

        Assert.Equal(1, exitCode);
        Assert.Contains("bad.ipynb, cell 2: InvalidOperationException: no digits", output);
        Assert.Contains("throw new InvalidOperationException", output);
        var notebooks = Series()["notebooks"]!.AsArray();
        Assert.Equal((false, 2, "InvalidOperationException: no digits"),
            (notebooks[0]!["ok"]!.GetValue<bool>(), notebooks[0]!["failed_cell"]!.GetValue<int>(), notebooks[0]!["error"]!.GetValue<string>()));
        Assert.True(notebooks[1]!["ok"]!.GetValue<bool>());
        Assert.True(File.Exists(Path.Combine(Output, "bad.html")));
    }

    [Fact]
    public async Task Results_of_an_earlier_run_do_not_count()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "results.json"), """{"data": "old", "metrics": {"test_bce": 1}}""");
        await RunnerProcess.RunAsync(NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1")).File, "--output", Output);

        Assert.Null(Series()["data"]);
        Assert.Empty(Series()["metrics"]!.AsObject());
    }

    [Fact]
    public async Task A_cell_that_overruns_fails_its_notebook_and_later_ones_run()
    {
        var slow = NotebookFile.Write(_folder, "slow.ipynb", NotebookFile.Code("System.Threading.Thread.Sleep(-1);"));
        var good = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Code("1"));
        var (exitCode, output, _) = await RunnerProcess.RunAsync(slow.File, good.File, "--output", Output, "--cell-timeout", "8");

        Assert.Equal(1, exitCode);
        Assert.Contains("slow.ipynb, cell 1: CellTimeout", output);
        Assert.True(Series()["notebooks"]![1]!["ok"]!.GetValue<bool>());
        Assert.True(File.Exists(Path.Combine(Output, "slow.html")));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task A_signal_ends_the_run_and_keeps_what_ran(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A test cannot press Ctrl-C on Windows.");
        Assert.SkipWhen(RunnerProcess.IsIgnored(signal), $"The shell that runs these tests has programs ignore SIG{signal}, as in the background or under nohup.");
        using var runner = new RunnerProcess(Endless(), "--output", Output, "--cell-timeout", "120");
        await KernelOf(runner);

        runner.Signal(signal);
        var (exitCode, output, _) = await runner.EndAsync();

        Assert.Equal(expected, exitCode);
        Assert.Contains("stopped", output);
        Assert.Equal(["first", "so far\n"], Notebook.Load(Path.Combine(Output, "endless.ipynb")).CodeCells.Select(cell => cell.Outputs.First().Text()));
        Assert.True(File.Exists(Path.Combine(Output, "endless.html")));
        Assert.False(Series()["notebooks"]![0]!["ok"]!.GetValue<bool>());
    }

    // Stopped is what it is while the runner ends it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_runner_that_is_killed_leaves_no_process(bool stopped)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks for processes in /proc.");
        using var runner = new RunnerProcess(Endless(), "--output", Output, "--cell-timeout", "120");
        var kernel = await KernelOf(runner);
        Assert.True(Directory.Exists($"/proc/{kernel}"));
        if (stopped)
        {
            RunnerProcess.Signal("STOP", kernel);
        }

        runner.Signal("KILL");
        await runner.EndAsync();

        for (var waited = 0; Directory.Exists($"/proc/{kernel}"); waited++)
        {
            if (waited == 600)
            {
                RunnerProcess.Signal("KILL", kernel);
                Assert.Fail($"Process {kernel} is still there after a minute.");
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_report_is_there_while_the_run_goes_on()
    {
        var first = NotebookFile.Write(_folder, "first.ipynb", NotebookFile.Code("1"));
        using var runner = new RunnerProcess(first.File, Endless(), "--output", Output, "--cell-timeout", "120", "--jobs", "1");
        await KernelOf(runner);

        Assert.Equal([true, false], Series()["notebooks"]!.AsArray().Select(n => n!["ok"]!.GetValue<bool>()));
        Assert.True(File.Exists(Path.Combine(Output, "first.html")));
    }

    [Fact]
    public async Task A_second_run_in_one_folder_is_told_and_takes_nothing_from_the_first()
    {
        using var runner = new RunnerProcess(Endless(), "--output", Output, "--cell-timeout", "120");
        await KernelOf(runner);
        File.WriteAllText(Path.Combine(Output, "results.json"), """{"metrics": {"first": 1}}""");

        var other = NotebookFile.Write(_folder, "other.ipynb", NotebookFile.Code("1")).File;
        var (exitCode, _, errors) = await RunnerProcess.RunAsync(other, "--output", Output);
        Assert.Equal(2, exitCode);
        Assert.Contains("Another run writes to", errors);
        Assert.True(File.Exists(Path.Combine(Output, "results.json")));

        runner.Kill();
        await runner.EndAsync();
        Assert.Equal(0, (await RunnerProcess.RunAsync(other, "--output", Output)).ExitCode);
    }

    [Fact]
    public async Task Saving_writes_back_only_what_succeeded()
    {
        var good = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Code("\"saved\""));
        var bad = NotebookFile.Write(_folder, "bad.ipynb", NotebookFile.Code("\"lost\""), NotebookFile.Code("throw new Exception();"));
        var (exitCode, _, _) = await RunnerProcess.RunAsync(bad.File, good.File, "--output", Output, "--save");

        Assert.Equal(1, exitCode);
        Assert.Equal("saved", Assert.Single(Notebook.Load(good.File).CodeCells[0].Outputs).Text());
        Assert.Empty(Notebook.Load(bad.File).CodeCells[0].Outputs);
    }

    [Fact]
    public async Task A_notebook_that_is_edited_while_it_runs_keeps_the_edit()
    {
        var edited = NotebookFile.Write(_folder, "edited.ipynb", NotebookFile.Code("System.IO.File.AppendAllText(\"edited.ipynb\", \" \");\n\"new\""));
        var removed = NotebookFile.Write(_folder, "removed.ipynb", NotebookFile.Code("System.IO.File.Delete(\"removed.ipynb\");\n\"new\""));
        var good = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Code("\"saved\""));
        var before = File.ReadAllText(edited.File);

        var (exitCode, output, _) = await RunnerProcess.RunAsync(edited.File, removed.File, good.File, "--output", Output, "--save");

        Assert.Equal(1, exitCode);
        Assert.Contains("edited.ipynb was changed while it ran: the change is kept", output);
        Assert.Equal(before + " ", File.ReadAllText(edited.File));
        Assert.False(File.Exists(removed.File));
        Assert.Equal("saved", Assert.Single(Notebook.Load(good.File).CodeCells[0].Outputs).Text());
        Assert.Equal("new", Assert.Single(Notebook.Load(Path.Combine(Output, "edited.ipynb")).CodeCells[0].Outputs).Text());
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public async Task Without_a_browser_only_a_notebook_with_charts_cannot_be_saved()
    {
        var plain = NotebookFile.Write(_folder, "plain.ipynb", NotebookFile.Code("\"saved\""));
        var chart = NotebookFile.Write(_folder, "chart.ipynb", NotebookFile.Code(
            "using Microsoft.DotNet.Interactive.Formatting;\nrecord Chart;\nFormatter.Register<Chart>((c, w) => w.Write(\"<div data-figure='{\\\"data\\\": [], \\\"layout\\\": {}}'></div>\"), \"text/html\");"), NotebookFile.Code("new Chart()"));

        var (exitCode, output, errors) = await RunnerProcess.WithoutBrowserAsync(chart.File, plain.File, "--output", Output, "--save");

        Assert.Equal((1, ""), (exitCode, errors));
        Assert.Contains("chart.ipynb was not saved: A Chromium-based browser draws the still picture of a chart", output);
        Assert.Empty(Notebook.Load(chart.File).CodeCells[1].Outputs);
        Assert.Equal("saved", Assert.Single(Notebook.Load(plain.File).CodeCells[0].Outputs).Text());
    }

    [Fact]
    public async Task The_help_says_what_needs_a_browser()
    {
        var (exitCode, output, _) = await RunnerProcess.RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("a notebook with charts, and no other, needs a Chromium-based browser", string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task A_notebook_that_cannot_be_saved_makes_the_run_fail()
    {
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("Environment.CurrentDirectory"));
        var (exitCode, output, _) = await RunnerProcess.RunAsync(notebook.File, "--output", Output, "--save");

        Assert.Equal(1, exitCode);
        Assert.Contains("names this machine", output);
        Assert.False(Series()["notebooks"]![0]!["ok"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("no-such-notebook", "No notebook is called 'no-such-notebook'")]
    [InlineData("--colour", "no option '--colour'")]
    [InlineData("--cell-timeout=soon", "soon")]
    [InlineData("--cell-timeout=-1", "more than 0 seconds")]
    [InlineData("--jobs=0", "at least 1")]
    public async Task A_wrong_command_line_is_refused(string argument, string reason)
    {
        var (exitCode, output, errors) = await RunnerProcess.RunAsync(argument);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(reason, errors);
    }

    [Theory]
    [InlineData("{", "broken.ipynb is not valid JSON")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": 1}], "nbformat": 4}""", "broken.ipynb: cell 1 has a source that is neither")]
    [InlineData("""{"cells": [], "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4}""", "broken.ipynb is a notebook in 'python3'")]
    public async Task A_file_that_is_no_notebook_is_refused_before_anything_runs(string content, string reason)
    {
        var good = NotebookFile.Write(_folder, "good.ipynb", NotebookFile.Code("1"));
        File.WriteAllText(_folder.File("broken.ipynb"), content);
        var (exitCode, _, errors) = await RunnerProcess.RunAsync(good.File, _folder.File("broken.ipynb"), "--output", Output);

        Assert.Equal(2, exitCode);
        Assert.Contains(reason, errors);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_refused()
    {
        File.WriteAllText(Output, "a file is in the way");
        var (exitCode, _, errors) = await RunnerProcess.RunAsync(NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1")).File, "--output", Output);

        Assert.Equal(2, exitCode);
        Assert.Contains("output folder cannot be made", errors);
    }

    /// <summary>A notebook whose last cell never ends.</summary>
    private string Endless() => NotebookFile.Write(
        _folder, "endless.ipynb", NotebookFile.Code("\"first\""),
        NotebookFile.Code("using System.IO;\nConsole.WriteLine(\"so far\");\nFile.WriteAllText(\"kernel.new\", $\"{Environment.ProcessId}\");\nFile.Move(\"kernel.new\", \"kernel\");\nSystem.Threading.Thread.Sleep(-1);")).File;

    /// <summary>Waits until its last cell runs, and gives the process that runs it.</summary>
    private async Task<string> KernelOf(RunnerProcess runner)
    {
        while (!File.Exists(_folder.File("kernel")) && !runner.HasExited)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return File.ReadAllText(_folder.File("kernel"));
    }

    private JsonObject Series() => JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "series.json")))!.AsObject();
}
