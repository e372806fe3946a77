using NotebookRunner.Execution;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Execution;

/// <summary>Cells mean what they mean in the .NET Interactive kernel.</summary>
public sealed class CellSemanticsTests
{
    [Fact]
    public async Task Declarations_hold_for_later_cells()
    {
        var result = await Run.CellsAsync("var n = 20;\nrecord Box(int Size);\nint Twice(int x) => 2 * x;", "using System.IO;\nn++;", "$\"{Twice(n)} {new Box(3).Size} {Path.GetExtension(\"a.png\")}\"");

        Assert.True(result.Ok, result.Failure?.ToString());
        Assert.Equal("42 3 .png", Assert.Single(result.OutputsOf(3)).Text());
    }

    [Fact]
    public async Task All_cells_run_on_one_thread_of_their_own()
    {
        const string Thread = "$\"{System.Threading.Thread.CurrentThread.ManagedThreadId} {System.Threading.Thread.CurrentThread.IsThreadPoolThread}\"";

        var result = await Run.CellsAsync(Thread, "await Task.Delay(10);", Thread, Thread);

        Assert.True(result.Ok, result.Failure?.ToString());
        string[] threads = [.. new[] { 1, 3, 4 }.Select(cell => Assert.Single(result.OutputsOf(cell)).Text())];
        Assert.EndsWith("False", Assert.Single(threads.Distinct()));
    }

    [Fact]
    public async Task A_trailing_expression_is_shown_and_a_statement_is_not()
    {
        var result = await Run.CellsAsync("\"shown\"", "\"hidden\".ToUpper();", "var text = \"hidden\";", "void Nothing() { }\nNothing()");

        Assert.Equal("shown", Assert.Single(result.OutputsOf(1)).Text());
        Assert.Equal("execute_result", result.OutputsOf(1)[0]["output_type"]!.GetValue<string>());
        Assert.All(new[] { 2, 3, 4 }, cell => Assert.Empty(result.OutputsOf(cell)));
    }

    [Fact]
    public async Task Null_is_shown_and_a_string_is_plain_text()
    {
        var result = await Run.CellsAsync("(object)null", "\"<b>not bold</b>\"");

        Assert.Contains("&lt;null&gt;", Assert.Single(result.OutputsOf(1)).Text("text/html"));
        var text = Assert.Single(result.OutputsOf(2));
        Assert.Equal("<b>not bold</b>", text.Text());
        Assert.Null(text["data"]!["text/html"]);
    }

    [Fact]
    public async Task Await_works_at_the_top_of_a_cell()
    {
        var result = await Run.CellsAsync("await Task.Yield();\nvar later = await Task.FromResult(41);", "later + 1");

        Assert.Contains("42", Assert.Single(result.OutputsOf(2)).Text("text/html"));
    }

    [Fact]
    public async Task The_default_imports_are_the_kernels()
    {
        var good = await Run.CellsAsync("var list = new List<int> { 1, 2 };\nIEnumerable e = list;\nnew StringBuilder().Append(list.Sum()).Append(Math.Abs(-1)).ToString() + Task.CompletedTask.IsCompleted");
        var bad = await Run.CellsAsync("File.Exists(\"a\")");

        Assert.Equal("31True", Assert.Single(good.OutputsOf(1)).Text());
        Assert.Contains("CS0103", bad.Failure!.Message);
    }

    [Fact]
    public async Task Console_streams_are_captured_in_order_and_merged()
    {
        var result = await Run.CellsAsync("Console.Write(1); Console.Write('a'); Console.WriteLine(\"b\");\nConsole.WriteLine(2.5);\nConsole.Error.WriteLine(\"careful\");\nConsole.WriteLine(\"end\");\n\"value\"");

        Assert.Equal(["1ab\n2.5\n", "careful\n", "end\n", "value"], result.OutputsOf(1).Select(o => o.Text()));
        Assert.Equal(["stdout", "stderr", "stdout", null], result.OutputsOf(1).Select(o => o["name"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Extension_methods_stand_at_the_top_of_a_cell()
    {
        var result = await Run.CellsAsync("static string Shout(this string text) => text.ToUpper() + \"!\";", "\"digits\".Shout()");

        Assert.Equal("DIGITS!", Assert.Single(result.OutputsOf(2)).Text());
    }

    [Fact]
    public async Task References_and_files_are_relative_to_the_notebook()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("notebooks"));
        File.Copy(typeof(Markdig.Markdown).Assembly.Location, folder.File("Other.dll"));
        var notebook = NotebookFile.Write(folder, "notebooks/test.ipynb", NotebookFile.Code("#r \"../Other.dll\"\nusing System.IO;\nFile.ReadAllText(\"beside.txt\") + Markdig.Markdown.ToPlainText(\"*b*\").Trim()"));
        File.WriteAllText(folder.File("notebooks/beside.txt"), "a");

        var result = await Run.NotebookAsync(notebook);

        Assert.True(result.Ok, result.Failure?.ToString());
        Assert.Equal("ab", Assert.Single(result.OutputsOf(1)).Text());
    }

    [Fact]
    public async Task A_formatter_registered_in_a_cell_gives_all_its_forms()
    {
        var result = await Run.CellsAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            record Picture(string Name);
            Formatter.Register<Picture>((p, w) => w.Write("iVBOR"), "image/png");
            Formatter.Register<Picture>((p, w) => w.Write($"<img alt=\"{p.Name}\">\n<p>"), "text/html");
            Formatter.SetPreferredMimeTypesFor(typeof(Picture), "image/png", "text/html");
            """, "new Picture(\"seven\")");

        var data = Assert.Single(result.OutputsOf(2))["data"]!;
        Assert.Equal("iVBOR", data["image/png"]!.GetValue<string>());
        Assert.Equal(["<img alt=\"seven\">\n", "<p>"], data["text/html"]!.AsArray().Select(line => line!.GetValue<string>()));
    }

    [Fact]
    public async Task Libraries_share_the_hosts_kernel_formatters_and_FSharp()
    {
        var bin = Path.Combine(ProjectRoot.Find(), "shared", "bin").Replace('\\', '/');
        var result = await Run.CellsAsync(
            $"#r \"{bin}/Autoencoders.dll\"\n#r \"{bin}/Plotly.NET.dll\"\n#r \"{bin}/Plotly.NET.CSharp.dll\"\n#r \"{bin}/Microsoft.DotNet.Interactive.Formatting.dll\"\nAutoencoders.Display.Notebook.Setup()",
            "Autoencoders.ProjectFolder.Root",
            "Plotly.NET.GenericChart.toFigureJson(Plotly.NET.CSharp.Chart.Point<int, int, string>([1, 2], [3, 4])).Length.ToString()",
            """
            string[] shared = ["Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Formatting", "FSharp.Core"];
            string.Join(' ', shared.Select(name => AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == name)))
            """);

        Assert.True(result.Ok, result.Failure?.ToString());
        Assert.Equal(ProjectRoot.Find(), Assert.Single(result.OutputsOf(2)).Text());
        Assert.True(int.Parse(Assert.Single(result.OutputsOf(3)).Text()) > 100);
        Assert.Equal("1 1 1", Assert.Single(result.OutputsOf(4)).Text());
    }

    [Fact]
    public async Task Outputs_shown_along_the_way_stand_in_order_and_can_be_replaced()
    {
        var result = await Run.CellsAsync(
            "using Microsoft.DotNet.Interactive;\nvar shown = KernelInvocationContext.Current.Display(\"first\", \"text/plain\");\ndisplay(\"second\");\nConsole.WriteLine(\"third\");\n\"fourth\"",
            "var here = KernelInvocationContext.Current.Display(\"old\", \"text/plain\");\nhere.Update(\"new\");\ndisplay(\"last\")");

        Assert.True(result.Ok, result.Failure?.ToString());
        Assert.Equal(["first", "second", "third\n", "fourth"], result.OutputsOf(1).Select(o => o.Text()));
        Assert.Equal(["display_data", "display_data", "stream", "execute_result"], result.OutputsOf(1).Select(o => o["output_type"]!.GetValue<string>()));
        Assert.Equal([null, null, null, 1], result.OutputsOf(1).Select(o => o["execution_count"]?.GetValue<int>()));
        Assert.Equal(["new", "last"], result.OutputsOf(2).Select(o => o.Text()));
    }

    [Fact]
    public async Task Values_are_written_as_nbformat_has_them()
    {
        var result = await Run.CellsAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            record Everything;
            Formatter.Register<Everything>((e, w) => w.Write("{\"a\": [1]}"), "application/json");
            Formatter.Register<Everything>((e, w) => w.Write("<svg>\n</svg>"), "image/svg+xml");
            Formatter.Register<Everything>((e, w) => w.Write("a\nb"), "text/latex");
            Formatter.SetPreferredMimeTypesFor(typeof(Everything), "application/json", "image/svg+xml", "text/latex");
            """, "new Everything()");

        Assert.Equal(
            """{"application/json":{"a":[1]},"image/svg\u002Bxml":["\u003Csvg\u003E\n","\u003C/svg\u003E"],"text/latex":["a\n","b"]}""",
            Assert.Single(result.OutputsOf(2))["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Magic_commands_work_and_unknown_ones_fail()
    {
        var result = await Run.CellsAsync("#!time\nvar n = 1;\nConsole.WriteLine(n);", "#!html\n<b>bold</b>", "#!who", "#!no-such-command");

        Assert.Equal(["1\n", "Wall time"], result.OutputsOf(1).Select(o => o.Text().Split(':')[0]));
        Assert.Equal("<b>bold</b>", Assert.Single(result.OutputsOf(2)).Text("text/html"));
        Assert.Contains("n", Assert.Single(result.OutputsOf(3)).Text("text/html"));
        Assert.Equal((RunState.Failed, 4), (result.State, result.Cells));
        Assert.Contains("#!no-such-command", result.Failure!.Message);
    }

    [Fact]
    public async Task Warnings_of_the_compiler_are_shown_and_fail_nothing()
    {
        var result = await Run.CellsAsync("\n#warning careful");

        Assert.True(result.Ok, result.Failure?.ToString());
        Assert.Equal("(2,10): warning CS1030: #warning: 'careful'\n", Assert.Single(result.OutputsOf(1)).Text());
    }

    [Fact]
    public async Task What_native_code_writes_is_not_in_the_report_and_there_is_nothing_to_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The C library has another name there.");
        var result = await Run.CellsAsync("""
            using System.Runtime.InteropServices;
            [DllImport("libc")] static extern int write(int file, string text, int length);
            for (int i = 0; i < 50_000; i++) { write(1, "{}}\n", 4); write(2, "{}}\n", 4); }
            Console.ReadLine() is null ? "nothing" : "something"
            """);

        Assert.Equal("nothing", Assert.Single(result.OutputsOf(1)).Text());
    }

    [Fact]
    public async Task Notebooks_know_nothing_of_each_other()
    {
        await Run.CellsAsync("var secret = 1;");
        var result = await Run.CellsAsync("secret");

        Assert.Equal(RunState.Failed, result.State);
    }

    [Fact]
    public async Task Old_outputs_are_replaced_and_cells_numbered()
    {
        using var folder = new TemporaryFolder();
        var stale = NotebookFile.Code("1");
        stale["outputs"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "old" });
        stale["execution_count"] = 17;
        var notebook = NotebookFile.Write(folder, "a.ipynb", NotebookFile.Code("throw new Exception();"), stale);

        var result = await Run.NotebookAsync(notebook);

        Assert.Equal([1, null], result.Notebook.CodeCells.Select(cell => cell.ExecutionCount));
        Assert.Empty(result.OutputsOf(2));
        Assert.Equal(17, notebook.CodeCells[1].ExecutionCount);
    }
}
