using NotebookRunner.Execution;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Execution;

public sealed class FailureTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task An_exception_ends_the_notebook_and_says_where()
    {
        var result = await Run.CellsAsync("int Divide(int a, int b)\n{\n    return a / b;\n}", "var zero = 0;\nDivide(1, zero)", "Console.WriteLine(\"never\");");

        Assert.Equal((RunState.Failed, 2), (result.State, result.Cells));
        Assert.Equal(("DivideByZeroException", 2, "Divide(1, zero)"), (result.Failure!.Name, result.Failure.Line, result.Failure.SourceLine));
        Assert.Contains(result.Failure.Traceback, line => line.Contains("cell 1:line 3", StringComparison.Ordinal));
        Assert.Empty(result.OutputsOf(3));
    }

    [Fact]
    public async Task An_exception_becomes_an_nbformat_error_after_what_was_written()
    {
        var result = await Run.CellsAsync("Console.WriteLine(\"so far\");\nthrow new InvalidOperationException(\"no digits\");");

        var outputs = result.OutputsOf(1);
        Assert.Equal(["stream", "error"], outputs.Select(o => o["output_type"]!.GetValue<string>()));
        Assert.Equal("InvalidOperationException", outputs[1]["ename"]!.GetValue<string>());
        Assert.Equal("no digits", outputs[1]["evalue"]!.GetValue<string>());
        Assert.NotEmpty(outputs[1]["traceback"]!.AsArray());
    }

    [Fact]
    public async Task A_compile_error_says_line_and_message()
    {
        var result = await Run.CellsAsync("var a = 1;\n\nvar b = a + missing;");

        Assert.Equal(("CompilationError", 3, "var b = a + missing;"), (result.Failure!.Name, result.Failure.Line, result.Failure.SourceLine));
        Assert.Contains("CS0103", result.Failure.Message);
        Assert.Contains("line 3", Assert.Single(result.Failure.Traceback));
    }

    [Fact]
    public async Task Every_compile_error_is_told()
    {
        var result = await Run.CellsAsync("#!time\nvar a = missing;\nint b = \"text\";");

        Assert.Equal(["line 2: error CS0103", "line 3: error CS0029"], result.Failure!.Traceback.Select(line => line[..line.LastIndexOf(':', line.IndexOf('\n'))]));
    }

    [Fact]
    public async Task Lines_are_counted_from_the_top_of_the_cell_below_a_magic_command()
    {
        var result = await Run.CellsAsync("#!time\n\nvar a = 1;\nthrow new Exception(\"here\");");

        Assert.Equal((4, "throw new Exception(\"here\");"), (result.Failure!.Line, result.Failure.SourceLine));
    }

    [Theory]
    [InlineData("public override string Message => null;", "")]
    [InlineData("public override string Message => throw new Odd();", "cannot be read")]
    [InlineData("public override string ToString() => throw new Odd();", "Exception of type")]
    [InlineData("public override string Message => throw new Odd(); public override string ToString() => throw new Odd(); public override string StackTrace => throw new Odd();", "cannot be read")]
    public async Task An_exception_that_cannot_be_shown_fails_its_cell(string members, string message)
    {
        var result = await Run.CellsAsync($"class Odd : Exception {{ {members} }}", "throw new Odd();", "1");

        Assert.Equal((RunState.Failed, 2, "Odd", 1), (result.State, result.Cells, result.Failure!.Name, result.Failure.Line));
        Assert.Contains(message, result.Failure.Message);
    }

    [Fact]
    public async Task A_formatter_that_throws_fails_its_cell()
    {
        var result = await Run.CellsAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            record Broken;
            Formatter.Register<Broken>((b, w) => throw new InvalidOperationException("cannot draw"), "text/html");
            """, "new Broken()");

        Assert.Equal((RunState.Failed, 2), (result.State, result.Cells));
        Assert.Contains("cannot draw", string.Join('\n', result.Failure!.Traceback));
    }

    [Fact]
    public async Task Paths_of_the_machine_are_left_out()
    {
        var root = ProjectRoot.Find();
        var result = await Run.CellsAsync($"throw new Exception(@\"cannot read {Path.Combine(root, "data", "digits.gz")} in \" + Environment.CurrentDirectory);");

        Assert.Equal($"cannot read {Path.Combine("data", "digits.gz")} in .", result.Failure!.Message);
        Assert.DoesNotContain(root, result.Notebook.ToJson().Split("\"source\"")[0]);
    }

    [Fact]
    public async Task A_cell_that_overruns_is_left_behind_with_what_it_wrote()
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookFile.Write(folder, "slow.ipynb", NotebookFile.Code("Console.WriteLine(\"started\");\nSystem.Threading.Thread.Sleep(-1);"));

        var result = await Run.NotebookAsync(notebook, Limit);

        Assert.Equal(RunState.TimedOut, result.State);
        Assert.Equal(["started\n", ""], result.OutputsOf(1).Select(o => o.Text()));
        Assert.Contains("8 seconds", result.Failure!.Message);
    }
}
