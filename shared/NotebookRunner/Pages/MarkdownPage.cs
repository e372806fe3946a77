using System.Buffers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Markdig;
using Markdig.Extensions.EmphasisExtras;

namespace NotebookRunner.Pages;

/// <summary>Renders the markdown of one page.</summary>
internal sealed partial class MarkdownPage(LinkRewriter links)
{
    // Markdig takes time that grows with the square of each of these.
    private const int LongestText = 500_000, MostMarksOfParagraph = 3_000, MostColumns = 3_000, MostFilled = 20_000, Deepest = 50;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseTaskLists().UseFootnotes().UseMathematics().UseAutoLinks()
        .UseAlertBlocks((html, kind) => html.Write($"<strong>{char.ToUpperInvariant(kind.AsSpan()[0])}{kind.AsSpan()[1..].ToString().ToLowerInvariant()}</strong>"))
        .Build();

    private static readonly SearchValues<char> Marks = SearchValues.Create("*_~[]!<$:");

    private readonly List<Section> _sections = [];
    private readonly HashSet<string> _ids = [];
    private readonly Dictionary<string, int> _usesOfIds = [];

    /// <summary>The headings so far.</summary>
    public IReadOnlyList<Section> Sections => _sections;

    /// <summary>The HTML; the source where the markdown nests too deep or asks for too much time.</summary>
    /// <param name="markdown">The source.</param>
    /// <param name="attachments">The pictures that lie in the cell itself.</param>
    public string ToHtml(string markdown, JsonObject? attachments = null)
    {
        if (Parse(markdown) is not { } fragment)
        {
            return Html.Source(markdown);
        }

        fragment.Clean();
        links.Rewrite(fragment, attachments);
        var anchors = new Dictionary<string, string>();
        foreach (var element in fragment.Elements)
        {
            Finish(element);
            MakeIdUnique(element, anchors);
        }

        foreach (var link in fragment.Root.QuerySelectorAll("a[href^='#']"))
        {
            var anchor = link.GetAttribute("href")![1..];
            link.SetAttribute("href", $"#{anchors.GetValueOrDefault(anchor, anchor)}");
        }

        CollectSections(fragment.Root);
        return fragment.ToHtml();
    }

    private static HtmlFragment? Parse(string markdown)
    {
        try
        {
            return IsTooMuch(markdown) ? null : HtmlFragment.Parse(Markdown.ToHtml(markdown, Pipeline));
        }
        catch (ArgumentException)
        {
            // Markdig's word for "too deep".
            return null;
        }
    }

    private void CollectSections(IElement root)
    {
        foreach (var element in root.Children)
        {
            if (element.LocalName is "h1" or "h2" or "h3")
            {
                _sections.Add(new Section(element.Id!, element.LocalName[1] - '0', element.TextContent.Trim()));
            }
            else if (_sections.Count > 0)
            {
                _sections[^1].Text.Append(element.TextContent).Append(' ');
            }
        }
    }

    private void Finish(IElement element)
    {
        switch (element.LocalName)
        {
            case "span" or "div" when element.ClassName == "math":
                // Markdig writes \(…\) and, on lines of its own, \[…\].
                var tex = element.TextContent.Trim();
                if (tex.Length >= 4 && MathMl.FromTex(tex[2..^2], tex[1] == '[') is { } math)
                {
                    element.InnerHtml = math;
                }

                break;
            case "pre":
                element.ClassName = "listing";
                element.SetAttribute("tabindex", "0");
                if (element.FirstElementChild is { ClassName: "language-csharp" or "language-cs" or "language-c#" or "language-C#" } code)
                {
                    code.InnerHtml = CSharpHighlighter.ToHtml(code.TextContent);
                }

                break;
            case "code" when element.ParentElement!.LocalName is not ("pre" or "a") && links.ToLibrary(element.TextContent) is { } target:
                var link = element.Owner!.CreateElement("a");
                link.SetAttribute("href", target);
                element.Replace(link);
                link.AppendChild(element);
                break;
            case "input":
                element.Replace(element.Owner!.CreateTextNode(element.HasAttribute("checked") ? "☑" : "☐"));
                break;
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6" when string.IsNullOrEmpty(element.Id):
                element.Id = Anchor(element.TextContent);
                break;
        }
    }

    // As GitHub makes them.
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');

    private void MakeIdUnique(IElement element, Dictionary<string, string> anchors)
    {
        if (element.Id is not { Length: > 0 } id)
        {
            return;
        }

        var uses = _usesOfIds.GetValueOrDefault(id);
        while (!_ids.Add(element.Id = uses == 0 ? id : $"{id}-{uses}"))
        {
            uses++;
        }

        _usesOfIds[id] = uses + 1;
        anchors.TryAdd(id, element.Id);
    }

    private static bool IsTooMuch(string markdown)
    {
        var (marks, rows, columns, pipes) = (0, 0, 0, 0);
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            // Markdig fills every row of a table up to the longest.
            var cells = line.Count('|');
            (marks, rows, columns, pipes) = line.IsWhiteSpace() ? default : (marks + line.CountAny(Marks), rows + 1, Math.Max(columns, cells), pipes + cells);
            if (marks > MostMarksOfParagraph || columns > MostColumns || (long)rows * columns - pipes > MostFilled || Container().Count(line) > Deepest)
            {
                return true;
            }
        }

        return markdown.Length > LongestText;
    }

    // The marks of quotes and lists at the beginning of a line.
    [GeneratedRegex(@"\G\s*(?:>|(?:[-+*]|\d+[.)])(?=\s))")]
    private static partial Regex Container();
}
