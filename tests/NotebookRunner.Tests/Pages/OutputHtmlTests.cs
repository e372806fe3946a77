using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Pages;

/// <summary>Outputs of every type, from this run and from files.</summary>
public sealed class OutputHtmlTests : IDisposable
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("image/png", Pixel, $"<img src=\"data:image/png;base64,{Pixel}\" alt=\"the text\">")]
    [InlineData("image/jpeg", "/9j/\n4AAQ\n", "<img src=\"data:image/jpeg;base64,/9j/4AAQ\" alt=\"the text\">")]
    [InlineData("image/gif", "R0lGODlh", "<img src=\"data:image/gif;base64,R0lGODlh\" alt=\"the text\">")]
    [InlineData("image/webp", "UklGRg==", "<img src=\"data:image/webp;base64,UklGRg==\" alt=\"the text\">")]
    [InlineData("image/svg+xml", "<svg/>", "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\" alt=\"the text\">")]
    [InlineData("text/markdown", "**bold**", "<p><strong>bold</strong></p>")]
    [InlineData("text/latex", "$$x^2$$", "<msup>")]
    [InlineData("text/latex", "\\frac{1}{2}", "<mfrac>")]
    [InlineData("text/latex", "\\oops", "\\oops")]
    [InlineData("application/json", "[1]", "<pre tabindex=\"0\">the text</pre>")]
    [InlineData("image/png", "no base64!", "<pre tabindex=\"0\">the text</pre>")]
    [InlineData("text/html", "<script>only()</script>", "<pre tabindex=\"0\">the text</pre>")]
    public void Every_type_of_result_is_shown(string type, string content, string shown) =>
        Assert.Contains(shown, Page(Result((type, content), ("text/plain", "the text"))));

    [Theory]
    [InlineData("""{"application/json":{"a":[1]}}""", "{&quot;a&quot;:[1]}")]
    [InlineData("""{"application/x-unknown":"some text"}""", "some text")]
    [InlineData("""{"text/plain":5}""", "5")]
    [InlineData("""{"text/html":["<b>","two","</b>"]}""", "<b>two</b>")]
    [InlineData("""{"image/png":null,"text/plain":["a",1,null]}""", "<pre tabindex=\"0\">a1</pre>")]
    [InlineData("""{"text/plain":"half a pair \ud83d"}""", "half a pair")]
    [InlineData("""{}""", "data-output=\"1.1\"")]
    public void Without_text_the_content_is(string data, string shown) =>
        Assert.Contains(shown, Page(new JsonObject { ["output_type"] = "execute_result", ["data"] = JsonNode.Parse(data) }));

    [Theory]
    [InlineData("""{"output_type":"stream","name":"stdout","text":7}""", "7")]
    [InlineData("""{"output_type":"stream","text":["a\u001b[31mb\u001b[0m","c"]}""", "abc")]
    [InlineData("""{"output_type":"error","ename":null,"traceback":"no list"}""", "role=\"alert\"")]
    [InlineData("""{"output_type":3}""", "data-output=\"1.1\"")]
    [InlineData("""{}""", "data-output=\"1.1\"")]
    public void An_output_that_is_not_as_it_should_be_is_shown(string output, string shown) =>
        Assert.Contains(shown, Page(JsonNode.Parse(output)!.AsObject()));

    [Fact]
    public void A_long_text_is_cut_and_says_so()
    {
        var page = Page(Stream(new string('x', 99_999) + "\ud83d\ude00" + new string('y', 500_000)));

        Assert.Contains(new string('x', 99_999) + "</pre>", page);
        Assert.Contains("has 600,001 characters, and a page shows 100,000", page);
    }

    [Fact]
    public void Many_outputs_are_cut_and_say_so()
    {
        var page = Page([.. Enumerable.Range(0, 200).Select(_ => Stream(new string('x', 90_000)))]);

        Assert.InRange(page.Length, 4_500_000, 5_100_000);
        Assert.Contains("From here on this cell's output is left out", page);
    }

    [Fact]
    public void The_chart_library_is_one_file_beside_the_pages()
    {
        const string Library = "<script data-plotly-library>H4sIAAAA</script><b>facts</b>";
        const string Chart = "<div id=\"chart\"></div><script>draw('chart')</script>";
        var html = Result(("text/html", Library));
        var page = Page(executed: true, "a.ipynb", html, html.DeepClone().AsObject(), Result(("text/html", Chart)));

        Assert.DoesNotContain("H4sIAAAA", page);
        Assert.Equal(1, page.Split("<script src=\"plotly.min.js\"></script>").Length - 1);
        Assert.Contains($">{Chart}</div>", page);
        Assert.Contains("<b>facts</b>", page);
        Directory.CreateDirectory(_folder.File("notebooks/solutions"));
        Assert.Contains("<script src=\"../plotly.min.js\"></script>", Page(executed: true, "notebooks/solutions/a.ipynb", html.DeepClone().AsObject()));
        Assert.All(new[] { "plotly.min.js", "H4sIAAAA", "draw('chart')" }, script => Assert.DoesNotContain(script, Page(html.DeepClone().AsObject())));
    }

    [Fact]
    public void The_chart_library_is_written_once()
    {
        var file = _folder.File(PlotlyLibrary.FileName);
        PlotlyLibrary.WriteTo(_folder.Path);
        var written = File.GetLastWriteTimeUtc(file);
        PlotlyLibrary.WriteTo(_folder.Path);

        Assert.Contains("plotly.js", File.ReadAllText(file)[..200]);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Theory]
    [InlineData("![x](attachment:image.png)")]
    [InlineData("<img src='attachment:image.png' alt=x>")]
    [InlineData("![x](pic.png)")]
    [InlineData("<img src='pic.png'>")]
    [InlineData("<IMG SRC=pic.png ALT=x>")]
    [InlineData("<img\n  alt=\"a > b\"\n  src = \"pic.png\"\n/>")]
    [InlineData("<p><img src=\"a%20b.png\"></p>")]
    [InlineData("[![x](pic.png)](02.ipynb)")]
    public void Pictures_of_any_spelling_are_embedded(string markdown)
    {
        File.WriteAllBytes(_folder.File("pic.png"), Convert.FromBase64String(Pixel));
        File.WriteAllBytes(_folder.File("a b.png"), Convert.FromBase64String(Pixel));
        var cell = NotebookFile.Text(markdown);
        cell["attachments"] = new JsonObject { ["image.png"] = new JsonObject { ["image/png"] = Pixel } };

        Assert.Contains($"src=\"data:image/png;base64,{Pixel}\"", Page(executed: false, "page.ipynb", cell));
    }

    [Theory]
    [InlineData("![a chart](https://example.org/x.png)", "<a href=\"https://example.org/x.png\">a chart</a>")]
    [InlineData("![](missing.png)", "<a href=\"../missing.png\">missing.png</a>")]
    [InlineData("![x](attachment:missing.png)", ">x</a>")]
    public void A_picture_that_is_not_there_is_a_link(string markdown, string shown) =>
        Assert.Contains(shown, Page(executed: false, "page.ipynb", NotebookFile.Text(markdown)));

    [Fact]
    public void A_page_does_not_grow_with_every_mention_of_a_picture()
    {
        File.WriteAllBytes(_folder.File("large.png"), new byte[1_000_000]);

        Assert.InRange(Page(executed: false, "page.ipynb", NotebookFile.Text(string.Concat(Enumerable.Repeat("![x](large.png)\n", 500)))).Length, 20_000_000, 30_000_000);
    }

    private static JsonObject Result(params (string Type, string Content)[] forms) => new()
    {
        ["output_type"] = "display_data",
        ["data"] = new JsonObject(forms.Select(form => KeyValuePair.Create(form.Type, (JsonNode?)MultilineText.Write(form.Content)))),
    };

    private static JsonObject Stream(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text };

    private string Page(params JsonObject[] outputs) => Page(executed: false, "page.ipynb", outputs);

    private string Page(bool executed, string name, params JsonObject[] parts)
    {
        var isCell = parts[0].ContainsKey("cell_type");
        var notebook = NotebookFile.Write(_folder, name, isCell ? parts[0] : NotebookFile.Code("1"));
        if (!isCell)
        {
            notebook.CodeCells[0].SetOutputs(1, new JsonArray(parts));
        }

        return new NotebookPage(notebook, new ArtifactPaths(_folder.Path, _folder.File("artifacts")), executed).ToHtml();
    }
}
