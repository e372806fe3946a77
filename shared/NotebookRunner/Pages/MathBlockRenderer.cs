using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace NotebookRunner.Pages;

/// <summary>A formula on lines of its own.</summary>
internal sealed class MathBlockRenderer : HtmlObjectRenderer<MathBlock>
{
    protected override void Write(HtmlRenderer renderer, MathBlock formula) =>
        renderer.EnsureLine().Write("<p>").Write(MathMl.FromTex(formula.Lines.ToString(), display: true)).WriteLine("</p>");
}
