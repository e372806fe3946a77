using System.Net;
using System.Text.RegularExpressions;
using NotebookRunner.Pages;

namespace NotebookRunner.Tests.Pages;

public sealed partial class CSharpHighlighterTests
{
    [Theory]
    [InlineData("var x = new Encoder(3); // (N, 1)", "kw:var kw:new typ:Encoder num:3 com:// (N, 1)")]
    [InlineData("#r \"../a.dll\"\nusing System.IO;", "dir:#r \"../a.dll\" kw:using")]
    [InlineData("$\"{a:0.0} b\"", "str:$\"{a:0.0} b\"")]
    [InlineData("images.Select(i => Twice(i))", "fn:Select fn:Twice")]
    [InlineData("List<int> list = [1];", "typ:List kw:int num:1")]
    [InlineData("record Box(Digit d);", "kw:record typ:Box typ:Digit")]
    public void Code_is_coloured_as_the_compiler_reads_it(string code, string expected)
    {
        var spans = Span().Matches(CSharpHighlighter.ToHtml(code)).Select(m => $"{m.Groups[1].Value}:{WebUtility.HtmlDecode(m.Groups[2].Value).TrimEnd('\n')}");

        Assert.Equal(expected, string.Join(' ', spans));
    }

    [Theory]
    [InlineData("if (a < b && c > d) { \"<script>\" }\n\n\n")]
    [InlineData("this is ) not C# at all \" '")]
    [InlineData("var raw = \"\"\"\n    <b>\n    \"\"\";\n#if X\nhidden\n#endif")]
    public void Nothing_is_lost(string code) =>
        Assert.Equal(code, WebUtility.HtmlDecode(Tag().Replace(CSharpHighlighter.ToHtml(code), "")));

    [GeneratedRegex("""<span class="(\w+)">(.*?)</span>""", RegexOptions.Singleline)]
    private static partial Regex Span();

    [GeneratedRegex("</?span[^>]*>")]
    private static partial Regex Tag();
}
