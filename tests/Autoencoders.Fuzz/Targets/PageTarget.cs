using System.Text;
using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;

namespace Autoencoders.Fuzz.Targets;

internal static class PageTarget
{
    private static readonly string[] Seeds =
    [
        """
        # Heading *one* <a id="x"></a>

        Text with `code`, **bold**, ~~struck~~, [a link](02-next.ipynb#there), ![a picture](pic.png "title"), <b>HTML</b> and $x^2 + \frac{1}{2}$.[^1]

        - one
          1. two

            > three

        | a | b |
        |---|--:|
        | 1 | 2 |

        - [ ] open
        - [x] done

        > [!NOTE]
        > Said.

        $$
        \left( \sum_{i=1}^n \sqrt{x_i} \right)
        $$

        ```csharp
        var text = $"{1 + 1:F2}"; // comment
        ```

        [^1]: A note, https://example.org/.
        """,
        """<div class="a" style="color: red"><table><tr><td>1<td>2</table><svg viewBox="0 0 1 1"><path d="M0 0"/></svg><img src='a.png' alt=x><script>evil()</script><!-- comment --></div>""",
        "#r \"../shared/bin/Autoencoders.dll\"\nusing System.IO;\nvar x = \"\"\"raw\"\"\";\n#if A\nclass B<T> where T : new() { int this[int i] => i; }\n#endif\n$\"{(x is { Length: > 0 } ? 'c' : '\\'')}\"",
    ];

    private static readonly string[] Pieces =
    [
        "*", "_", "**", "~~", "`", "```", "$", "$$", "[", "](", ")", "![", "<", ">", "> ", "- ", "1. ", "# ", "|", "---", "\n", "\n\n", "    ", "[^1]", "[^1]: ", "\\", "&amp;", "&#0;", "http://a.b", "{", "}",
        "\\frac", "\\left(", "\\right)", "\\begin{matrix}", "\\end{matrix}", "\\def\\a{\\a}", "^", "<div>", "</div>", "<b", "<table>", "<tr>", "<td>", "<p>", "<svg>", "<math>", "<style>", "<template>",
        "<select>", "<plaintext>", "<a href=\"", "<img src=", "=\"", "'", "javascript:", "data:", "attachment:", "<!--", "-->", "<![CDATA[", "<?", "id=\"a\"", "style=\"x:url(\"", "word", "ä", "\ud83d\ude00", "\0",
        "$\"{", "\"\"\"", "#if", "//", "/*", "@\"",
    ];

    public static FuzzTarget Create()
    {
        var folder = Path.GetDirectoryName(FuzzTarget.TemporaryFile("page.ipynb"))!;
        Read(folder, [.. "$x$"u8]); // The library for formulas takes a second to load.
        return new FuzzTarget("page", typeof(NotebookFormatException), input => Read(folder, input), [.. Seeds.Select(Encoding.UTF8.GetBytes)])
        {
            Words = Pieces,
            MostBytes = 250_000_000, // Formulas are set in an interpreter of JavaScript, which drops many times of what it holds.
            Generate = random => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1 + random.Next(1 << random.Next(2, 9))).Select(_ => random.Next(30) == 0 ? Seeds[random.Next(Seeds.Length)] : Pieces[random.Next(Pieces.Length)]))),
        };
    }

    // The input as markdown, as code, and as outputs of several types: there is always a page.
    private static long Read(string folder, byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var outputs = new JsonArray(Output("text/html", text), Output("text/latex", text), Output("image/svg+xml", text), new JsonObject { ["output_type"] = "stream", ["text"] = text });
        var json = new JsonObject
        {
            ["cells"] = new JsonArray(
                new JsonObject { ["cell_type"] = "markdown", ["source"] = text },
                new JsonObject { ["cell_type"] = "code", ["source"] = text, ["outputs"] = outputs }),
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
        };
        var file = Path.Combine(folder, "page.ipynb");
        var notebook = Notebook.Parse(Encoding.UTF8.GetBytes(JupyterJson.Write(json)), file);
        var page = new NotebookPage(notebook, new ArtifactPaths(folder, folder)).ToHtml();
        return page.TrimEnd().EndsWith("</html>", StringComparison.Ordinal) ? page.Length : throw new InvalidOperationException("The page has no end.");
    }

    private static JsonObject Output(string type, string content) => new() { ["output_type"] = "display_data", ["data"] = new JsonObject { [type] = content } };
}
