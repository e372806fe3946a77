using NotebookRunner.Execution;
using NotebookRunner.Hosting;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Execution;

/// <summary>A cell may put out what it likes: a notebook keeps so much of it, and says where it cut.</summary>
public sealed class OutputBudgetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData("while (true) Console.WriteLine(\"all work and no play\");")]
    [InlineData("while (true) Console.Write('x');")]
    [InlineData("while (true) Console.Error.Write(new char[100_000]);")]
    [InlineData("System.Threading.Tasks.Parallel.For(0, 4, _ => { while (true) Console.WriteLine(\"all at once\"); });")]
    public async Task A_cell_that_prints_for_ever_costs_neither_time_nor_memory(string cell)
    {
        using var folder = new TemporaryFolder();
        var before = Memory();

        var result = await Run.NotebookAsync(NotebookFile.Write(folder, "a.ipynb", NotebookFile.Code($"Console.WriteLine(\"start\");\n{cell}"), NotebookFile.Code("1")), Limit);

        Assert.Equal(RunState.TimedOut, result.State);
        var outputs = result.OutputsOf(1);
        Assert.StartsWith("start\n", outputs[0].Text());
        Assert.EndsWith("[Cut here: the text of a cell is kept up to 1,000,000 characters.]\n", outputs[^2].Text());
        Assert.Equal("CellTimeout", outputs[^1]["ename"]!.GetValue<string>());
        Assert.InRange(result.Notebook.ToJson().Length, 1_000_000, 7_000_000);
        Assert.InRange(Memory() - before, long.MinValue, 300_000_000);
    }

    [Fact]
    public async Task Large_values_are_left_out_and_say_so()
    {
        var result = await Run.CellsAsync("for (var i = 0; i < 30; i++) display(new string('z', 1_000_000));\n\"last\"", "\"after\"", "new string('y', 20_000_000)");

        Assert.True(result.Ok, result.Failure?.ToString());
        var outputs = result.OutputsOf(1);
        Assert.Equal(10, outputs.Length);
        Assert.Equal("[Cut here: the values of a cell are kept up to 10,000,000 characters.] This one has 1,000,000.", outputs[^1].Text());
        Assert.Equal("after", Assert.Single(result.OutputsOf(2)).Text());
        Assert.Contains("This one has 20,000,000.", Assert.Single(result.OutputsOf(3)).Text());
    }

    [Fact]
    public async Task A_cell_that_shows_values_for_ever_is_ended()
    {
        var result = await Run.CellsAsync("var text = new string('a', 100_000);\nwhile (true) display(text);");

        Assert.Equal((RunState.Failed, "TooMuchOutput"), (result.State, result.Failure!.Name));
        Assert.Contains("300,000,000 characters", result.Failure.Message);
        Assert.InRange(result.Notebook.ToJson().Length, 1_000_000, 11_000_000);
    }

    [Fact]
    public async Task What_cells_put_out_as_JSON_can_be_written_and_read_again()
    {
        using var folder = new TemporaryFolder();
        string[] odd = ["{\\\"a\\\":1,\\\"a\\\":2}", "\\\"\\\\ud83d\\\"", "[NaN]"];
        var result = await Run.CellsAsync([
            """
            using Microsoft.DotNet.Interactive.Formatting;
            record Odd(string Json);
            Formatter.Register<Odd>((odd, w) => w.Write(odd.Json), "application/json");
            Formatter.SetPreferredMimeTypesFor(typeof(Odd), "application/json");
            """,
            .. odd.Select(json => $"new Odd(\"{json}\")"),
            "new Odd(new string('[', 75) + new string(']', 75))", "new Odd(new string('[', 5000) + new string(']', 5000))", "Console.Write(\"half a \\ud83d pair\");",
        ]);

        Assert.True(result.Ok, result.Failure?.ToString());
        result.Notebook.Write(folder.File("a.ipynb"));
        var read = Notebook.Load(folder.File("a.ipynb"));
        Assert.Equal(result.Notebook.ToJson(), read.ToJson());
        Assert.Equal("half a \ufffd pair", read.CodeCells[^1].Outputs.Single().Text());
    }

    [Fact]
    public void The_whole_notebook_has_a_limit_too()
    {
        var budget = new OutputBudget();
        for (var cell = 0; cell < 5; cell++)
        {
            budget.Begin();
            Assert.Null(budget.InsteadOfValue(9_999_000));
        }

        budget.Begin();
        Assert.Contains("outputs of a notebook are kept up to 50,000,000", budget.InsteadOfValue(9_999_000));
        Assert.Equal("", budget.InsteadOfValue(5));
    }

    [Fact]
    public void No_pair_of_surrogates_is_cut_in_half()
    {
        var budget = new OutputBudget();
        budget.Begin();

        Assert.Equal(new string('x', 999_999) + "\n[Cut here", budget.OfText(new string('x', 999_999) + "\ud83d\ude00")[..1_000_009]);
        Assert.Equal("", budget.OfText("more"));
        budget.Begin();
        Assert.Equal("more", budget.OfText("more"));
    }

    // Of this process, which here is the runner.
    private static long Memory() => Environment.WorkingSet;
}
