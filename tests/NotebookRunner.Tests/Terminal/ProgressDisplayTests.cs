using NotebookRunner.Terminal;
using NotebookRunner.Tests.Support;
using Spectre.Console;

namespace NotebookRunner.Tests.Terminal;

public sealed class ProgressDisplayTests
{
    [Fact]
    public async Task What_cells_write_is_shown_and_never_read_as_markup()
    {
        var live = await ShowAsync(terminal => new LiveProgressDisplay(terminal));

        Assert.Contains("a.ipynb", live);
        Assert.Contains("epoch 1/3 [/x] loss", live);
    }

    [Fact]
    public async Task Logs_get_a_line_for_each_cell() =>
        Assert.Equal($"{"a.ipynb",-36}  cell  1 of 1     1.50 s\n", (await ShowAsync(terminal => new LineProgressDisplay(terminal))).ReplaceLineEndings("\n"));

    private static async Task<string> ShowAsync(Func<IAnsiConsole, ProgressDisplay> create)
    {
        using var folder = new TemporaryFolder();
        var notebook = NotebookFile.Write(folder, "a.ipynb", NotebookFile.Code("1"));
        using var text = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(text) });
        terminal.Profile.Width = 120;
        return await create(terminal).ShowAsync(observer =>
        {
            observer.NotebookStarted(notebook);
            observer.CellStarted(notebook, 1);
            observer.CellWrote(notebook, "first line\nepoch 1/3 [/x] loss\n");
            observer.CellEnded(notebook, 1, TimeSpan.FromSeconds(1.5));
            return Task.FromResult(text);
        }) is { } written ? written.ToString() : "";
    }
}
