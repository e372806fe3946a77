using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace NotebookRunner.Pages;

/// <summary>What HTML may hold that comes from a file and not from this run: text, tables, pictures, and nothing that runs.</summary>
internal static class HtmlCleaner
{
    // Their content is not for readers; of other elements that are not allowed, the content stays.
    private const string Unseen = "script, style, template, iframe, object, embed, noembed, noframes, title, textarea, select, audio, video, canvas";

    private static readonly string[] Tags = ["svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "text", "tspan"];

    private static readonly string[] Attributes =
    [
        "id", "class", "role", "aria-label", "aria-hidden", "aria-labelledby", "aria-describedby",
        "viewBox", "d", "fill", "stroke", "stroke-width", "stroke-dasharray", "transform", "x", "y", "dx", "dy", "x1", "y1", "x2", "y2",
        "cx", "cy", "r", "rx", "ry", "points", "text-anchor", "font-size", "font-family", "font-weight", "opacity",
    ];

    // Allowed by default: controls, which do nothing here; a second main part of the page; attributes that load something.
    private static readonly string[] Unwanted =
    [
        "button", "datalist", "fieldset", "form", "keygen", "main", "menuitem", "optgroup", "option", "output",
        "accesskey", "action", "background", "contenteditable", "draggable", "dropzone", "dynsrc", "longdesc", "lowsrc", "target", "usemap", "position", "z-index",
    ];

    private static readonly HtmlSanitizer Sanitizer = Create();

    public static IHtmlDocument NewDocument() => Sanitizer.HtmlParserFactory().ParseDocument("");

    public static void Clean(IHtmlDocument document)
    {
        foreach (var element in document.QuerySelectorAll(Unseen).ToArray())
        {
            element.Remove();
        }

        Sanitizer.SanitizeDom(document);
        foreach (var element in document.QuerySelectorAll("[style*='url(']").ToArray())
        {
            element.RemoveAttribute("style");
        }
    }

    private static HtmlSanitizer Create()
    {
        var sanitizer = new HtmlSanitizer { KeepChildNodes = true };
        sanitizer.AllowedSchemes.UnionWith(["data", "mailto", "attachment"]);
        sanitizer.AllowedTags.UnionWith(Tags);
        sanitizer.AllowedAttributes.UnionWith(Attributes);
        foreach (var allowed in new[] { sanitizer.AllowedTags, sanitizer.AllowedAttributes, sanitizer.AllowedCssProperties })
        {
            allowed.ExceptWith(Unwanted);
        }

        return sanitizer;
    }
}
