using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Pages;

public sealed partial class NotebookPageTests : IDisposable
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_page_loads_nothing()
    {
        File.WriteAllBytes(_folder.File("pixel.png"), Convert.FromBase64String(Pixel));
        var html = Page(NotebookFile.Text("# T\n![a picture](pixel.png)\n[web](https://example.org/x)\n\n<img src=\"pixel.png\" alt=\"raw\">"), NotebookFile.Code("1"));

        Assert.Equal(2, html.Split($"src=\"data:image/png;base64,{Pixel}\"").Length - 1);
        Assert.All(Loaded().Matches(html), m => Assert.StartsWith("data:", m.Groups[1].Value));
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotContain("<script src", html);
        Assert.DoesNotContain("@import", html);
        Assert.DoesNotContain("url(", html);
        Assert.Contains("href=\"https://example.org/x\"", html);
    }

    [Fact]
    public void Links_work_from_the_output_folder()
    {
        var html = Page(NotebookFile.Text("[next](02-b.ipynb#top) [up](../shared/A%20b.cs) [here](#t) `](x.ipynb)`"));

        Assert.Contains("href=\"02-b.html#top\"", html);
        Assert.Contains($"href=\"../../shared/A%20b.cs\"", html);
        Assert.Contains("href=\"#t\"", html);
        Assert.Contains("](x.ipynb)", html);
    }

    [Fact]
    public void Links_between_a_chapter_and_its_solutions_work()
    {
        Directory.CreateDirectory(_folder.File("notebooks/solutions"));
        var chapter = NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Text("[solutions](solutions/a.ipynb)"));
        var solutions = NotebookFile.Write(_folder, "notebooks/solutions/a.ipynb", NotebookFile.Text("[chapter](../a.ipynb#exercises) [index](../README.md)"));
        var solved = Page(solutions);

        Assert.Contains("href=\"solutions/a.html\"", Page(chapter));
        Assert.Contains("href=\"../a.html#exercises\"", solved);
        Assert.Contains("href=\"../index.html\"", solved);
    }

    [Fact]
    public void A_page_of_the_book_names_files_that_have_no_page()
    {
        Directory.CreateDirectory(_folder.File("notebooks"));
        var html = Page(NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Text("[the *library*](../shared/A%20b/README.md#top) [b.py](../docs/b.py) [text](../docs/c.md)")));

        Assert.Contains("the <em>library</em> (<code>shared/A b/README.md</code>) <code>docs/b.py</code> <a href=\"c.html\">text</a>", html);
    }

    [Fact]
    public void Markdown_is_rendered()
    {
        var html = Page(NotebookFile.Text("# A & B\n\n| a | b |\n|---|--:|\n| 1 | **2** |\n\n$x^2$\n\n```csharp\nvar a = 1;\n```"));

        Assert.Contains("<title>A &amp; B</title>", html);
        Assert.Contains("<h1 id=\"a--b\">A &amp; B</h1>", html);
        Assert.Contains("<td style=\"text-align: right\"><strong>2</strong></td>", html);
        Assert.Contains("<msup>", html);
        Assert.Contains("<span class=\"kw\">var</span>", html);
    }

    [Fact]
    public async Task Each_kind_of_output_is_shown()
    {
        var result = await Run.NotebookAsync(NotebookFile.Write(_folder, "page.ipynb", NotebookFile.Code($$"""
            using Microsoft.DotNet.Interactive.Formatting;
            record Both; record Picture;
            Formatter.Register<Both>((p, w) => w.Write("AAAA"), "image/png");
            Formatter.Register<Both>((p, w) => w.Write("<b>html wins</b><script>run()</script>"), "text/html");
            Formatter.SetPreferredMimeTypesFor(typeof(Both), "image/png", "text/html");
            Formatter.Register<Picture>((p, w) => w.Write("{{Pixel}}"), "image/png");
            Formatter.Register<Picture>((p, w) => w.Write("a \"small\" picture"), "text/plain");
            Formatter.SetPreferredMimeTypesFor(typeof(Picture), "image/png", "text/plain");
            Console.WriteLine("1 < 2");
            """), NotebookFile.Code("new Both()"), NotebookFile.Code("new Picture()"), NotebookFile.Code("throw new Exception(\"<bad>\");"), NotebookFile.Code("1")));
        var html = Page(result.Notebook);

        Assert.Contains("1 &lt; 2", html);
        Assert.Contains("data-output=\"2.1\"><b>html wins</b><script>run()</script></div>", html);
        Assert.DoesNotContain("base64,AAAA", html);
        Assert.Contains($"<img src=\"data:image/png;base64,{Pixel}\" alt=\"a &quot;small&quot; picture\">", html);
        Assert.Contains("Exception: &lt;bad&gt;", html);
        Assert.Contains("In [5]", html);
    }

    [Fact]
    public void A_chapter_is_linked_to_those_before_and_after()
    {
        Directory.CreateDirectory(_folder.File("notebooks"));
        var a = NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Text("# First <1>"));
        var b = NotebookFile.Write(_folder, "notebooks/b.ipynb", NotebookFile.Text("# Second"));
        File.WriteAllText(_folder.File("notebooks/c.ipynb"), "<<<<<<< HEAD, half edited");

        Assert.Contains("<a rel=\"next\" href=\"b.html\">Second</a>", Page(a));
        Assert.DoesNotContain("rel=\"prev\"", Page(a));
        Assert.Contains("<a rel=\"prev\" href=\"a.html\">First &lt;1&gt;</a>", Page(b));
        Assert.Contains("<a rel=\"next\" href=\"c.html\">c</a>", Page(b));
    }

    [Fact]
    public void A_notebook_from_elsewhere_stands_alone()
    {
        NotebookFile.Write(_folder, "other.ipynb", NotebookFile.Text("# Other"));
        var html = Page(NotebookFile.Text("# T\n\n`Notebook.Setup`"));

        Assert.All(new[] { "index.html", "rel=\"next\"", "rel=\"prev\"", "library.html" }, link => Assert.DoesNotContain(link, html[html.IndexOf("<body", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Contents_lead_to_the_headings_of_all_cells()
    {
        var html = Page(NotebookFile.Text("# T\n## Same & other\n### Below\n#### Far below"), NotebookFile.Text("## Same & other"));

        Assert.Contains("<li class=\"level-2\"><a href=\"#same--other\">Same &amp; other</a></li>\n<li class=\"level-3\"><a href=\"#below\">Below</a></li>\n<li class=\"level-2\"><a href=\"#same--other-1\">Same &amp; other</a></li>", html);
        Assert.DoesNotContain("href=\"#far-below\"", html);
    }

    [Fact]
    public void Code_of_solutions_is_folded_and_that_of_chapters_is_not()
    {
        Directory.CreateDirectory(_folder.File("notebooks/solutions"));
        var cells = () => new[] { NotebookFile.Code("1"), NotebookFile.Code("2"), NotebookFile.Text("Answer"), NotebookFile.Code("3") };

        Assert.Equal(2, Page(NotebookFile.Write(_folder, "notebooks/solutions/a.ipynb", cells())).Split("<details class=\"solution\">").Length - 1);
        Assert.DoesNotContain("<details class=\"solution\">", Page(NotebookFile.Write(_folder, "notebooks/a.ipynb", cells())));
    }

    [Fact]
    public void A_picture_is_described_by_what_it_is_about_and_what_it_is()
    {
        var cell = NotebookFile.Code("1");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["image/png"] = Pixel, ["text/plain"] = "32 images" }, ["metadata"] = new JsonObject { ["image/png"] = new JsonObject { ["width"] = 700 } } });

        Assert.Contains("alt=\"Convolution: 32 images\" width=\"700\">", Page(NotebookFile.Text("## Convolution"), cell));
    }

    [Fact]
    public void A_picture_in_html_is_described_in_the_same_way_unless_it_has_other_words()
    {
        var cell = NotebookFile.Code("1");
        cell["outputs"] = new JsonArray(new JsonObject { ["output_type"] = "execute_result", ["data"] = new JsonObject { ["text/html"] = $"<img alt=\"32 images\" src=\"data:image/png;base64,{Pixel}\"><img alt=\"a logo\" src=\"data:image/png;base64,{Pixel}\">", ["text/plain"] = "32 images" }, ["metadata"] = new JsonObject() });

        var html = Page(NotebookFile.Text("## Convolution"), cell);

        Assert.Contains("alt=\"Convolution: 32 images\"", html);
        Assert.Contains("alt=\"a logo\"", html);
    }

    [Fact]
    public void The_page_has_a_language_and_landmarks()
    {
        var html = Page(NotebookFile.Text("# T"));

        Assert.StartsWith("<!doctype html>", html);
        Assert.Contains("<html lang=\"en\"", html);
        Assert.All(new[] { "<main ", "<nav ", "<footer>", "name=\"viewport\"", "prefers-color-scheme: dark" }, part => Assert.Contains(part, html));
    }

    private string Page(params JsonObject[] cells)
    {
        var notebook = NotebookFile.Write(_folder, "page.ipynb", cells);
        return Page(notebook);
    }

    private string Page(Notebook notebook) =>
        new NotebookPage(notebook, new ArtifactPaths(_folder.Path, _folder.File("artifacts")), executed: true).ToHtml();

    [GeneratedRegex("""<[^>]*\ssrc\s*=\s*["']?([^"'>\s]*)""")]
    private static partial Regex Loaded();
}
