using System.Text;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Notebooks;

/// <summary>What is no notebook is named for what it is, before anything runs.</summary>
public sealed class NotebookReaderTests : IDisposable
{
    private const string Cell = """{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": "1"}""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Refused => new()
    {
        { "", "is empty" },
        { " \n\t", "is empty" },
        { "\ufeff", "is empty" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "pointer of Git LFS" },
        { "\n<!DOCTYPE html>\n<html></html>", "is an HTML page" },
        { "<html lang=en>", "is an HTML page" },
        { "PK\u0003\u0004", "zip archive" },
        { "\0{\0}", "UTF-16" },
        { "{\0}\0", "UTF-16" },
        { Notebook(Cell, ", \"nbformat\": 4"), "line 1 has the name \"nbformat\" twice" },
        { Notebook(Cell.Replace("\"source\"", "\n\"outputs\": [], \"source\"")), "line 2 has the name \"outputs\" twice" },
        { Notebook(Cell.Replace("\"1\"", "1")), "cell 1 has a source that is neither a text nor a list of lines" },
        { Notebook(Cell.Replace("\"1\"", "[\"a\", 1]")), "cell 1 has a source" },
        { Notebook(Cell + ", " + Cell.Replace("\"code\"", "1")), "cell 2 has no cell_type" },
        { Notebook("{}"), "cell 1 has no cell_type" },
        { Notebook(Cell.Replace("\"1\"", "\n\"\\ud83d\"")), "line 2 has half a surrogate pair" },
        { Notebook(Cell, ",\n\"\\udc00\": 1"), "line 2 has half a surrogate pair" },
        { Notebook(Cell, ",\n\n\"x\": NaN"), "line 3 holds NaN, which JSON has no number for" },
        { Notebook(Cell, ", \"x\": [Infinity]"), "line 1 holds Infinity" },
        { Notebook(Cell, ", \"x\": -Infinity"), "line 1 holds Infinity" },
        { "{\"cells\": [],\n<<<<<<< HEAD\n\"nbformat\": 4\n=======\n\"nbformat\": 5\n>>>>>>> main\n}", "marker of a merge conflict (line 2)" },
        { "<<<<<<< HEAD\n{}\n", "marker of a merge conflict (line 1)" },
        { Notebook(Cell)[..70], "breaks off in line 1" },
        { Notebook(Cell, ",\n  oops: 1"), "in line 2, 'oops: 1}' is not expected" },
        { Notebook(Cell, ", \"x\": " + new string('[', 200) + new string(']', 200)), "nests deeper than 100 levels" },
        { new string('[', 1_000_000), "nests deeper than 100 levels" },
        { """{"metadata": {}, "nbformat": 3, "worksheets": []}""", "jupyter nbconvert --to notebook --nbformat 4 a.ipynb" },
        { """{"cells": [], "nbformat": 5}""", "of format 5, and the runner reads format 4" },
        { """{"cells": [], "metadata": [], "nbformat": 4}""", "metadata is no object" },
        { "null", "no list of cells" },
    };

    public static TheoryData<string, string> OtherLanguages => new()
    {
        { """{"kernelspec": {"name": "python3", "language": "python"}}""", "is a notebook in 'python'" },
        { """{"kernelspec": {"name": "python3"}}""", "is a notebook in 'python3'" },
        { """{"language_info": {"name": "julia"}}""", "is a notebook in 'julia'" },
        { """{"kernelspec": {"display_name": ".NET (F#)", "language": "F#", "name": ".net-fsharp"}}""", "is a notebook in 'F#'" },
        { """{"kernelspec": {"language": "C#"}, "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "fsharp"}}}""", "is a notebook in 'fsharp'" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_with_the_reason(string content, string reason)
    {
        File.WriteAllText(_folder.File("a.ipynb"), content);

        var error = Assert.Throws<NotebookFormatException>(() => NotebookRunner.Notebooks.Notebook.Load(_folder.File("a.ipynb")));
        Assert.StartsWith(_folder.File("a.ipynb"), error.Message);
        Assert.Contains(reason, error.Message);
        Assert.All(new[] { "BytePosition", "JsonReader", "LineNumber" }, word => Assert.DoesNotContain(word, error.Message));
    }

    [Fact]
    public void Other_encodings_are_refused()
    {
        File.WriteAllText(_folder.File("a.ipynb"), Notebook(Cell), Encoding.Unicode);
        Assert.Contains("UTF-16", Refusal());
        File.WriteAllText(_folder.File("a.ipynb"), Notebook(Cell), Encoding.UTF32);
        Assert.Contains("UTF-32", Refusal());
        File.WriteAllText(_folder.File("a.ipynb"), Notebook(Cell.Replace("\"1\"", "\n\"ä\"")), Encoding.Latin1);
        Assert.Contains("not written in UTF-8 (line 2)", Refusal());
    }

    [Fact]
    public void A_mark_of_UTF_8_is_read_over()
    {
        File.WriteAllText(_folder.File("a.ipynb"), Notebook(Cell), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("1", Assert.Single(NotebookRunner.Notebooks.Notebook.Load(_folder.File("a.ipynb")).Cells).Source);
    }

    [Fact]
    public void A_huge_file_is_refused_before_it_is_read()
    {
        using (var file = File.Create(_folder.File("a.ipynb")))
        {
            file.SetLength(20_000_000_000);
        }

        var allocated = GC.GetTotalAllocatedBytes();
        Assert.Contains("has 20,000,000,000 bytes; a notebook may have 200,000,000", Refusal());
        Assert.InRange(GC.GetTotalAllocatedBytes() - allocated, 0, 1_000_000);
    }

    [Fact]
    public void What_is_no_regular_file_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such files.");
        Assert.All(new[] { "/dev/zero", "/dev/null", _folder.Path, _folder.File("missing") }, path =>
            Assert.StartsWith(path, Assert.Throws<NotebookFormatException>(() => NotebookRunner.Notebooks.Notebook.Load(path)).Message));
    }

    [Theory]
    [MemberData(nameof(OtherLanguages))]
    public void A_notebook_in_another_language_is_named(string metadata, string reason) =>
        Assert.Contains(reason, LanguageRefusal(Notebook(Cell).Replace("\"metadata\": {}, \"nbformat\"", $"\"metadata\": {metadata}, \"nbformat\"")));

    [Theory]
    [InlineData("""{"polyglot_notebook": {"kernelName": "fsharp"}}""", "let x = 1", "fsharp")]
    [InlineData("""{"dotnet_interactive": {"language": "pwsh"}}""", "Get-Date", "pwsh")]
    [InlineData("{}", "#!fsharp\nlet x = 1", "fsharp")]
    [InlineData("{}", "var a = 1;\n#!javascript\nlet x = 1", "javascript")]
    public void A_cell_in_another_language_is_named(string metadata, string source, string language) =>
        Assert.Contains($"cell 2 is in '{language}'", LanguageRefusal(Notebook($$"""{{Cell}}, {"cell_type": "code", "metadata": {{metadata}}, "source": {{System.Text.Json.JsonSerializer.Serialize(source)}}}""")));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"}, "language_info": {"name": "polyglot-notebook"}}""")]
    [InlineData("""{"kernelspec": 1, "language_info": {"name": "C#"}}""")]
    public void A_notebook_in_CSharp_is_not(string metadata) =>
        NotebookLanguage.Check(NotebookRunner.Notebooks.Notebook.Parse(Encoding.UTF8.GetBytes(Notebook(Cell).Replace("\"metadata\": {}, \"nbformat\"", $"\"metadata\": {metadata}, \"nbformat\"")), "a.ipynb"));

    [Fact]
    public async Task A_cell_that_VS_Code_has_as_HTML_runs_as_HTML()
    {
        var cell = NotebookFile.Code("<b>bold</b>");
        cell["metadata"] = System.Text.Json.Nodes.JsonNode.Parse("""{"polyglot_notebook": {"kernelName": "html"}}""");

        var result = await Run.NotebookAsync(NotebookFile.Write(_folder, "a.ipynb", cell));

        Assert.Equal("<b>bold</b>", Assert.Single(result.OutputsOf(1)).Text("text/html"));
        Assert.Equal("<b>bold</b>", result.Notebook.CodeCells[0].Source);
    }

    [Fact]
    public void What_would_be_too_large_to_read_is_not_written()
    {
        var notebook = NotebookFile.Write(_folder, "a.ipynb", NotebookFile.Code("1"));
        notebook.CodeCells[0].SetOutputs(1, [new System.Text.Json.Nodes.JsonObject { ["output_type"] = "stream", ["text"] = new string('x', 200_000_000) }]);

        Assert.Contains("a notebook may have 200,000,000", Assert.Throws<IOException>(() => notebook.Write(notebook.File)).Message);
        Assert.Empty(NotebookRunner.Notebooks.Notebook.Load(notebook.File).CodeCells[0].Outputs);
    }

    private static string Notebook(string cells, string more = "") => $"{{\"cells\": [{cells}], \"metadata\": {{}}, \"nbformat\": 4, \"nbformat_minor\": 5{more}}}";

    private string Refusal() => Assert.Throws<NotebookFormatException>(() => NotebookRunner.Notebooks.Notebook.Load(_folder.File("a.ipynb"))).Message;

    private static string LanguageRefusal(string content) =>
        Assert.Throws<NotebookFormatException>(() => NotebookLanguage.Check(NotebookRunner.Notebooks.Notebook.Parse(Encoding.UTF8.GetBytes(content), "a.ipynb"))).Message;
}
