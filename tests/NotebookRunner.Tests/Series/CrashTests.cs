using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Series;

/// <summary>Whatever a cell does to its process, it is one failed notebook among the others.</summary>
public sealed class CrashTests : IDisposable
{
    // What the cell does, and what the report says of it: the reason, and the last that the process wrote.
    private static readonly (string Cell, string Reason, string LastWords)[] Crashes =
    [
        ("Environment.Exit(0);", "exit code 0.", ""),
        ("Environment.Exit(3);", "exit code 3.", ""),
        ("Environment.FailFast(\"no more\");", "SIGABRT", "no more"),
        ("new System.Threading.Thread(() => throw new Exception(\"on a thread\")).Start();\nSystem.Threading.Thread.Sleep(-1);", "SIGABRT", "on a thread"),
        ("async void Later() { await Task.Yield(); throw new Exception(\"asynchronously\"); }\nLater();\nSystem.Threading.Thread.Sleep(-1);", "SIGABRT", "asynchronously"),
        ("int Deep(int n) => Deep(n + 1) + 1;\nDeep(0)", "SIGABRT", "Stack overflow"),
        ("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern nint strlen(nint text);\nstrlen(16);", "SIGSEGV", ""),
        ("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern void abort();\nabort();", "SIGABRT", ""),
        ("System.Diagnostics.Process.GetCurrentProcess().Kill();", "SIGKILL", ""),
        ("System.Threading.Thread.Sleep(-1);", "did not end within 15 seconds", ""),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_cell_that_ends_its_process_is_one_failed_notebook()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The C library has another name there, and no process ends by a signal.");
        var good = NotebookFile.Code("\"good\"");
        var names = Crashes.Select((crash, i) => NotebookFile.Write(
            _folder, $"crash-{i}.ipynb", NotebookFile.Code("\"before\""), NotebookFile.Code($"Console.WriteLine(\"so far\");\n{crash.Cell}"), NotebookFile.Code("\"after\"")).File);
        string[] files = [NotebookFile.Write(_folder, "first.ipynb", good).File, .. names, NotebookFile.Write(_folder, "last.ipynb", (JsonObject)good.DeepClone()).File];

        var (exitCode, output, errors) = await RunnerProcess.RunAsync([.. files, "--output", _folder.File("out"), "--cell-timeout", "15"]);

        Assert.Equal((1, ""), (exitCode, errors));
        var notebooks = JsonNode.Parse(File.ReadAllText(_folder.File("out/series.json")))!["notebooks"]!.AsArray();
        Assert.Equal([true, .. Crashes.Select(_ => false), true], notebooks.Select(n => n!["ok"]!.GetValue<bool>()));
        Assert.All(Crashes.Index(), crash =>
        {
            var (i, (_, reason, lastWords)) = crash;
            Assert.Equal(2, notebooks[i + 1]!["failed_cell"]!.GetValue<int>());
            Assert.Contains(reason, notebooks[i + 1]!["error"]!.GetValue<string>());
            Assert.Contains($"crash-{i}.ipynb, cell 2: ", output);

            var cells = Notebook.Load(_folder.File($"out/crash-{i}.ipynb")).CodeCells;
            Assert.Equal("before", Assert.Single(cells[0].Outputs).Text());
            var outputs = cells[1].Outputs.ToList();
            Assert.Equal(["so far\n", ""], outputs.Select(o => o.Text()));
            Assert.Contains(lastWords, outputs[1]["traceback"]!.ToJsonString());
            Assert.Empty(cells[2].Outputs);
        });
    }

    [Fact]
    public async Task What_a_cell_leaves_behind_does_not_keep_the_runner()
    {
        const string Thread = "new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1)) { IsBackground = false }.Start();\n\"left\"";
        const string Process = "System.Diagnostics.Process.Start(OperatingSystem.IsWindows() ? \"timeout\" : \"sleep\", \"600\");\n\"left\"";
        string[] files = [NotebookFile.Write(_folder, "thread.ipynb", NotebookFile.Code(Thread)).File, NotebookFile.Write(_folder, "process.ipynb", NotebookFile.Code(Process)).File];

        var (exitCode, _, _) = await RunnerProcess.RunAsync([.. files, "--output", _folder.File("out")]);

        Assert.Equal(0, exitCode);
    }
}
