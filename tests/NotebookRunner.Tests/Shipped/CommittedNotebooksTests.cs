using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Shipped;

/// <summary>What is committed is what a run of these sources gave, and opens everywhere.</summary>
public sealed partial class CommittedNotebooksTests
{
    public static TheoryData<string> Names => [.. Chapters.All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_belong_to_the_sources(string name)
    {
        var notebook = Chapters.Load(name);

        Assert.True(SourceHash.Of(notebook) == SourceHash.Recorded(notebook), $"{name} changed after its outputs were saved: dotnet run --project shared/NotebookRunner -- {name} --save");
        Assert.Equal(Enumerable.Range(1, notebook.CodeCells.Count), notebook.CodeCells.Select(cell => cell.ExecutionCount ?? 0));
        Assert.NotEmpty(notebook.CodeCells.SelectMany(cell => cell.Outputs));
    }

    [Fact]
    public void Pictures_that_texts_show_are_those_of_the_chapters()
    {
        var cells = Chapters.Names.SelectMany(name => Chapters.Load(name).CodeCells).Where(cell => cell.PictureName is not null).ToList();

        Assert.All(cells, cell => Assert.Equal(Convert.FromBase64String(cell.Picture!), File.ReadAllBytes(Path.Combine(Chapters.Folder, "thumbnails", $"{cell.PictureName}.png"))));
        Assert.Equal([.. Chapters.Names.Select(name => name[..2]), "opening"], cells.Select(cell => cell.PictureName!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Outputs_can_be_read_where_no_script_runs(string name)
    {
        foreach (var output in Chapters.Load(name).CodeCells.SelectMany(cell => cell.Outputs))
        {
            Assert.NotEqual("error", output["output_type"]!.GetValue<string>());
            Assert.NotEqual("stderr", output["name"]?.GetValue<string>());
            Assert.DoesNotContain("plotly-chart", output.Text("text/html"));
            Assert.DoesNotContain("<script", output.Text("text/html"), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch(HomeFolder(), output.Text() + output.Text("text/html"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_format_is_that_of_Polyglot_Notebooks(string name)
    {
        var json = Chapters.Load(name).Json;

        Assert.Equal((4, 5), (json["nbformat"]!.GetValue<int>(), json["nbformat_minor"]!.GetValue<int>()));
        Assert.Equal((".net-csharp", "C#"), (json["metadata"]!["kernelspec"]!["name"]!.GetValue<string>(), json["metadata"]!["kernelspec"]!["language"]!.GetValue<string>()));
        Assert.Equal("polyglot-notebook", json["metadata"]!["language_info"]!["name"]!.GetValue<string>());
        Assert.Equal("csharp", json["metadata"]!["language_info"]!["pygments_lexer"]!.GetValue<string>()); // GitHub colours cells by it.
        var cells = json["cells"]!.AsArray();
        Assert.Equal(cells.Count, cells.Select(cell => cell!["id"]!.GetValue<string>()).Distinct().Count());
        Assert.All(cells.Where(cell => cell!["cell_type"]!.GetValue<string>() == "code"), cell =>
        {
            Assert.Equal("csharp", cell!["metadata"]!["dotnet_interactive"]!["language"]!.GetValue<string>());
            Assert.Equal("csharp", cell["metadata"]!["polyglot_notebook"]!["kernelName"]!.GetValue<string>());
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_is_small_and_written_as_Jupyter_writes(string name)
    {
        var text = File.ReadAllText(Path.Combine(Chapters.Folder, name)).ReplaceLineEndings("\n");

        Assert.True(text.Length < 1_000_000, $"{text.Length:N0} characters");
        Assert.Equal(Chapters.Load(name).ToJson(), text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_code_cell_is_longer_than_forty_lines(string name) =>
        Assert.All(Chapters.Load(name).CodeCells, cell => Assert.InRange(cell.Source.Split('\n').Length, 1, 40));

    [Fact]
    public async Task Where_nothing_is_built_the_first_cell_says_so_in_a_sentence()
    {
        var first = Chapters.Load(Chapters.Names.First()).CodeCells[0].Source;
        var result = await Run.CellsAsync(first); // In a folder of its own, where no library lies.

        Assert.Equal("The library is not built yet: run `dotnet build` in the project's folder, then restart the kernel.", result.Failure?.Message);
        Assert.All(Chapters.Names, name => Assert.Equal(first, Chapters.Load(name).CodeCells[0].Source));
        Assert.All(Chapters.Solutions, name => Assert.Equal(first.Replace("../", "../../", StringComparison.Ordinal), Chapters.Load(name).CodeCells[0].Source));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void There_are_at_most_fifteen_words_of_text_a_line_of_code(string name)
    {
        var lines = Chapters.Load(name).CodeCells.Sum(cell => cell.Source.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line)));

        Assert.InRange((double)Chapters.TextOf(name).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length / lines, 0, 15);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Relative_links_lead_somewhere(string name)
    {
        var links = Link().Matches(CodeInText().Replace(Chapters.TextOf(name), "")).Select(m => m.Groups[1].Value).Where(url => !Uri.TryCreate(url, UriKind.Absolute, out _));

        Assert.All(links, url => Assert.True(Path.Exists(Path.Combine(Chapters.Load(name).Folder, Uri.UnescapeDataString(url))), $"{name} links to {url}"));
    }

    [GeneratedRegex("""(?:\]\(|(?:src|href)=")([^)\s"#]+)""")]
    private static partial Regex Link();

    [GeneratedRegex("""```.*?```|`[^`\n]*`""", RegexOptions.Singleline)]
    private static partial Regex CodeInText();

    [GeneratedRegex("""/home/|/Users/|\b[A-Z]:\\|/tmp/""")]
    private static partial Regex HomeFolder();
}
