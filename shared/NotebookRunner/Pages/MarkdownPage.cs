using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;

namespace NotebookRunner.Pages;

/// <summary>Renders the markdown cells of a notebook.</summary>
internal sealed class MarkdownPage(LinkRewriter links)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseEmphasisExtras().UseTaskLists().UseFootnotes().UseAlertBlocks().UseMathematics()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UseAutoLinks()
        .Build();

    public string ToHtml(string markdown)
    {
        using var text = new StringWriter();
        var renderer = new HtmlRenderer(text);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<Markdig.Renderers.Html.CodeBlockRenderer>(new CodeBlockRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathInlineRenderer>(new MathInlineRenderer());
        renderer.ObjectRenderers.Replace<HtmlMathBlockRenderer>(new MathBlockRenderer());
        renderer.Render(Markdown.Parse(markdown, Pipeline));
        return links.Rewrite(text.ToString());
    }
}
