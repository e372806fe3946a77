using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Pages;

/// <summary>Whatever is in a notebook, a page is made, and what cannot be rendered is shown as its source.</summary>
public sealed class AnyNotebookTests : IDisposable
{
    private static readonly string[] Active = ["script", "iframe", "object", "embed", "style", "meta", "base", "link", "form", "button"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Unrenderable => new()
    {
        { "quotes in quotes", new string('>', 3_000) + " x" },
        { "lists in lists on a line", Repeat("- ", 40_000) + "x" },
        { "lists in lists", string.Concat(Enumerable.Range(0, 1_500).Select(i => new string(' ', 2 * i) + "- a\n")) },
        { "brackets", new string('[', 50_000) },
        { "pictures in pictures", Repeat("![", 50_000) },
        { "links never closed", Repeat("[a](", 40_000) },
        { "links in links", new string('[', 10_000) + "x" + Repeat("](u)", 10_000) },
        { "emphasis in emphasis", Repeat("*a _b ", 20_000) },
        { "strikes", Repeat("~~a", 20_000) },
        { "declarations", "a" + Repeat("<!A ", 40_000) },
        { "addresses", Repeat("http://a.b ", 40_000) },
        { "definitions", Repeat("[a]: b\n", 40_000) },
        { "elements in elements", Repeat("<div>", 20_000) },
        { "formatting for every paragraph", "<div>" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"<b a{i}>")) + Repeat("<p>x", 5_000) },
        { "pipes", new string('|', 25_000) },
        { "a table whose rows are shorter than its head", Repeat("|a", 1_500) + "|\n" + Repeat("|-", 1_500) + "|\n" + Repeat("|1\n", 60) },
        { "a long text", Repeat("word ", 200_000) },
    };

    public static TheoryData<string, string> Renderable => new()
    {
        { "attributes again and again", "<a " + Repeat("href=\"x\" ", 10_000) + ">here</a>" },
        { "comments never closed", "here a" + Repeat("<!-- ", 700) },
        { "closing tags", "here" + Repeat("</b>", 1_000) },
        { "headings of one name", "here\n\n" + Repeat("# a\n", 20_000) },
        { "a large table", "| here | b |\n|---|---|\n" + Repeat("| 1 | 2 |\n", 20_000) },
        { "a wide table", Repeat("| here ", 500) + "|\n" + Repeat("|---", 500) + "|\n" + Repeat("| 1 ", 500) + "|\n" },
        { "an escaped NUL", "[here](a%00b) ![x](a%00b) [y](%ff%fe.ipynb)" },
        { "NUL", "here \0 [\0](\0) `\0` $\0$" },
        { "elements that are not allowed", "<div>here" + Repeat("<x>a</x>", 1_000) + "</div>" },
        { "footnotes", string.Concat(Enumerable.Range(0, 300).Select(i => $"[^{i}]\n\n")) + string.Concat(Enumerable.Range(0, 300).Select(i => $"[^{i}]: here\n\n")) },
    };

    public static TheoryData<string> Formulas =>
    [
        "\\left( {", new string('{', 4_000), new string('{', 20_000), Repeat("\\frac{1}{", 500), Repeat("\\sqrt{", 800) + Repeat("}", 800), "x_", "\\nothing{x}",
        "\\def\\a{\\a\\a}\\a", "\\href{javascript:alert(1)}{x}", Repeat("\\begin{matrix}", 300),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Unrenderable))]
    public void What_cannot_be_rendered_is_shown_as_its_source(string name, string markdown)
    {
        var page = Page(NotebookFile.Text(markdown), NotebookFile.Text("# Next *cell*"));

        Assert.True(page.Contains(Html.Source(markdown), StringComparison.Ordinal), name);
        Assert.Contains("<h1 id=\"next-cell\">Next <em>cell</em></h1>", page);
    }

    [Theory]
    [MemberData(nameof(Renderable))]
    public void What_is_odd_is_rendered(string name, string markdown)
    {
        var page = Page(NotebookFile.Text(markdown), NotebookFile.Text("# Next *cell*"));

        Assert.False(page.Contains(Html.Source(markdown), StringComparison.Ordinal), name);
        Assert.Contains("here", page);
        Assert.Contains("<h1 id=\"next-cell\">Next <em>cell</em></h1>", page);
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_formula_that_cannot_be_set_is_shown_as_its_source(string tex)
    {
        var page = Page(NotebookFile.Text($"$$\n{tex}\n$$\n\nand $x^2$"));

        Assert.Contains(Html.Escape(tex), page);
        Assert.Contains("<msup>", page);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("{", "}")]
    [InlineData("[", "]")]
    [InlineData("a.", "b")]
    [InlineData("1 + ", "1")]
    [InlineData("x => ", "x")]
    [InlineData("if (a) ", ";")]
    [InlineData("A<", ">")]
    [InlineData("$\"{", "}\"")]
    [InlineData("$\"{(", ")}\"")]
    [InlineData("new[] { ", "}")]
    [InlineData("&&", "||")]
    [InlineData("#if A\n", "\n#endif\n")]
    public void Deep_code_is_shown(string open, string close)
    {
        var code = Repeat(open, 5_000) + "HERE" + Repeat(close, 5_000);

        Assert.Contains("HERE", Page(NotebookFile.Code(code)));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[{")]
    [InlineData("(}")]
    public void Deep_brackets_in_a_string_are_shown(string open)
    {
        var code = "var a = $\"{" + Repeat(open, 50_000) + "HERE";

        Assert.Contains("HERE", Page(NotebookFile.Code(code)));
    }

    [Fact]
    public void Strings_in_the_code_of_a_string_take_no_gigabytes()
    {
        var (code, before) = ("var a = $\"{" + Repeat("b=\"x\" ", 10_000) + "HERE", GC.GetAllocatedBytesForCurrentThread());

        Assert.Contains("HERE", Page(NotebookFile.Code(code)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void What_is_left_open_ends_with_its_cell()
    {
        var page = Page(
            NotebookFile.Text("<div>\n<b>open\n\n<table><tr><td>"), NotebookFile.Text("</section></main></body></html>"), NotebookFile.Text("<plaintext>"),
            NotebookFile.Text("<textarea>"), NotebookFile.Text("<title>"), NotebookFile.Text("a <!--"), NotebookFile.Text("end"));

        Assert.Contains("<p>end</p>", page);
        Assert.Equal(1, Count(page, "</main>"));
        Assert.Equal(1, Count(page, "</body>"));
        Assert.All(new[] { "<plaintext", "<textarea", "<!--" }, open => Assert.DoesNotContain(open, page));
        Assert.Equal(Count(page, "<div"), Count(page, "</div>"));
        Assert.Equal(Count(page, "<b>"), Count(page, "</b>"));
    }

    [Theory]
    [InlineData("<script>evil()</script>")]
    [InlineData("<SCRIPT src=evil.js></SCRIPT>")]
    [InlineData("<scr<script>ipt>evil()</script>")]
    [InlineData("<img src=x onerror=evil()>")]
    [InlineData("<p onmouseover='evil()'>x</p>")]
    [InlineData("[x](javascript:evil())")]
    [InlineData("<a href=' java&#115;cript:evil()'>x</a>")]
    [InlineData("<iframe srcdoc='<script>evil()</script>'></iframe>")]
    [InlineData("<svg><script>evil()</script></svg>")]
    [InlineData("<svg onload=evil()></svg>")]
    [InlineData("<math><mtext><script>evil()</script></mtext></math>")]
    [InlineData("<meta http-equiv=refresh content='0;url=javascript:evil()'>")]
    [InlineData("<p style=\"background:url(https://example.org/evil())\">x</p>")]
    [InlineData("<style>@import 'evil()';</style>")]
    [InlineData("<form action='https://example.org/evil()'><button>x</button></form>")]
    [InlineData("<noscript><p title='</noscript><img src=x onerror=evil()>'></noscript>")]
    public void Nothing_runs_that_came_with_a_file(string html)
    {
        var page = Page(NotebookFile.Text($"<div>{html}</div>"), NotebookFile.Text(html), CodeWith(Output("text/html", html)), CodeWith(Output("image/svg+xml", html)));

        var elements = new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(page).QuerySelectorAll("main, main *");
        Assert.All(elements, element =>
        {
            Assert.DoesNotContain(element.LocalName, Active);
            Assert.All(element.Attributes, attribute => Assert.False(attribute.Name.StartsWith("on", StringComparison.Ordinal), attribute.Name));
            Assert.All(new[] { "href", "src", "style", "action", "xlink:href" }, name => Assert.DoesNotContain("evil", element.GetAttribute(name) ?? ""));
        });
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static JsonObject Output(string type, string content) =>
        new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = MultilineText.Write(content) } };

    private static JsonObject CodeWith(params JsonObject[] outputs)
    {
        var cell = NotebookFile.Code("1");
        cell["outputs"] = new JsonArray(outputs);
        return cell;
    }

    private string Page(params JsonObject[] cells)
    {
        var notebook = NotebookFile.Write(_folder, "page.ipynb", cells);
        return new NotebookPage(notebook, new ArtifactPaths(_folder.Path, _folder.File("artifacts"))).ToHtml();
    }
}
