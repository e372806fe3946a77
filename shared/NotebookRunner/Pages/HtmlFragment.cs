using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html;
using AngleSharp.Html.Dom;

namespace NotebookRunner.Pages;

/// <summary>
/// A piece of HTML from a notebook, read as a browser reads it: what it leaves open is closed at its end, so that it
/// cannot change the page around it.
/// </summary>
internal sealed partial class HtmlFragment
{
    private const int Deepest = 200, MostTags = 200_000;

    private readonly IHtmlDocument _document;

    private HtmlFragment(string html)
    {
        _document = HtmlCleaner.NewDocument();
        _document.Body!.InnerHtml = html;

        // The empty corner of a table heads nothing.
        foreach (var corner in Root.QuerySelectorAll("th").Where(head => string.IsNullOrWhiteSpace(head.TextContent) && head.ChildElementCount == 0).ToArray())
        {
            var cell = _document.CreateElement("td");
            cell.SetAttribute("style", corner.GetAttribute("style") ?? "");
            corner.Replace(cell);
        }
    }

    public IElement Root => _document.Body!;

    /// <summary>Every element, as they are now: they may be changed while they are visited.</summary>
    public IReadOnlyList<IElement> Elements => [.. Root.QuerySelectorAll("*")];

    /// <summary>
    /// Reads HTML. Null where its elements lie more than 200 deep, or where it has more than 200,000 tags: the rules that
    /// browsers follow take time that grows with the square of either.
    /// </summary>
    public static HtmlFragment? Parse(string html) => IsTooMuch(html) ? null : new HtmlFragment(html);

    /// <summary>Removes whatever runs.</summary>
    public void Clean() => HtmlCleaner.Clean(_document);

    // AngleSharp's own ToHtml takes time that grows with the square of an element's children.
    public string ToHtml()
    {
        using var writer = new StringWriter();
        WriteChildren(Root, writer);
        return writer.ToString();
    }

    private static void WriteChildren(IElement parent, StringWriter writer)
    {
        var raw = parent.LocalName is "script" or "style";
        foreach (var child in parent.ChildNodes)
        {
            switch (child)
            {
                case IElement element:
                    var alone = element.Flags.HasFlag(NodeFlags.SelfClosing);
                    writer.Write(HtmlMarkupFormatter.Instance.OpenTag(element, alone));
                    WriteChildren(element, writer);
                    writer.Write(HtmlMarkupFormatter.Instance.CloseTag(element, alone));
                    break;
                case IText text:
                    writer.Write(raw ? text.Data : HtmlMarkupFormatter.Instance.Text(text));
                    break;
            }
        }
    }

    // Elements that may be left open (paragraphs, items, cells) do not nest by themselves, and do not count for the depth.
    private static bool IsTooMuch(string html)
    {
        var (depth, tags) = (0, 0);
        foreach (Match tag in Tag().Matches(html))
        {
            depth = !tag.Groups["name"].Success ? depth : Math.Max(0, depth + (tag.Groups["end"].Length > 0 ? -1 : 1));
            if (depth > Deepest || ++tags > MostTags)
            {
                return true;
            }
        }

        return false;
    }

    // What stands in comments, scripts and styles is no tag; each of them ends with the text where nothing else ends it.
    [GeneratedRegex("""
        <!--(?:.*?-->|.*) | <script\b(?:.*?</script|.*) | <style\b(?:.*?</style|.*)
        | <(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|rt|rp|path|circle|ellipse|rect|line|polyline|polygon)\b
        | <(?<end>/?)(?<name>[a-z])
        """, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tag();
}
