using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace NotebookRunner.Pages;

/// <summary>Colours C# in fenced code blocks; other languages stay plain.</summary>
internal sealed class CodeBlockRenderer : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock block)
    {
        var code = block.Lines.ToString();
        var isCSharp = block is FencedCodeBlock { Info: "csharp" or "cs" or "c#" or "C#" };
        renderer.EnsureLine();
        renderer.Write("<pre class=\"listing\" tabindex=\"0\"><code>");
        renderer.Write(isCSharp ? CSharpHighlighter.ToHtml(code) : Html.Escape(code));
        renderer.WriteLine("</code></pre>");
    }
}
