using System.Buffers.Text;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>
/// Makes the links of a notebook or a text work from the output folder: what has a page is linked there, and pictures are
/// embedded. The book may be copied elsewhere without the project: in its pages, a file without a page is named and not linked.
/// </summary>
/// <param name="file">The notebook or text.</param>
/// <param name="paths">Where the pages lie.</param>
/// <param name="library">What names are linked to; null for nothing.</param>
internal sealed class LinkRewriter(string file, ArtifactPaths paths, Library? library = null)
{
    private const string Attachment = "attachment:", Data = "data:";

    private static readonly Dictionary<string, string> PictureTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
    };

    // So that a page does not grow with every mention of the same picture.
    private long _bytesToEmbed = 20_000_000;

    /// <summary>Rewrites all links and pictures below an element.</summary>
    /// <param name="fragment">The HTML.</param>
    /// <param name="attachments">The pictures that lie in the cell itself.</param>
    public void Rewrite(HtmlFragment fragment, JsonObject? attachments = null)
    {
        foreach (var element in fragment.Elements)
        {
            if (element.LocalName == "img" && element.GetAttribute("src") is { } source)
            {
                RewritePicture(element, source.Trim(), attachments);
            }
            else if (element.LocalName == "a" && element.GetAttribute("href") is { } target)
            {
                RewriteLink(element, target.Trim());
            }
        }
    }

    /// <summary>The link to what the reference of the library says on a name; null where it is none of the library's.</summary>
    public string? ToLibrary(string name) => library?.AnchorOf(name) is { } anchor ? $"{paths.WayToRoot(file)}{Library.FileName}#{anchor}" : null;

    private static bool IsRelative(string url) =>
        url.Length > 0 && url[0] is not ('#' or '/' or '\\') && !Uri.TryCreate(url, UriKind.Absolute, out _);

    private void RewriteLink(IElement link, string url)
    {
        if (!IsRelative(url) || Unescape(PathOf(url)).Contains('\0') || paths.HasPage(Target(url)) || !paths.IsPageOfBook(file))
        {
            link.SetAttribute("href", Link(url));
            return;
        }

        var name = link.Owner!.CreateElement("code");
        name.TextContent = paths.NameInProject(Target(url));
        link.Replace(name.TextContent.EndsWith(link.TextContent, StringComparison.Ordinal)
            ? [name]
            : [.. link.ChildNodes, link.Owner.CreateTextNode(" ("), name, link.Owner.CreateTextNode(")")]);
    }

    // A page loads nothing: a picture that cannot be embedded becomes a link to it.
    private void RewritePicture(IElement picture, string source, JsonObject? attachments)
    {
        var url = source.StartsWith(Data, StringComparison.OrdinalIgnoreCase) ? source
            : source.StartsWith(Attachment, StringComparison.OrdinalIgnoreCase) ? Attached(Unescape(source[Attachment.Length..]), attachments)
            : IsRelative(source) ? Embed(source)
            : null;
        picture.RemoveAttribute("srcset");
        if (url is not null)
        {
            picture.SetAttribute("src", url);
            return;
        }

        var link = picture.Owner!.CreateElement("a");
        link.SetAttribute("href", Link(source));
        link.TextContent = picture.GetAttribute("alt") is { Length: > 0 } text ? text : source;
        picture.Replace(link);
    }

    private string? Attached(string name, JsonObject? attachments)
    {
        foreach (var (type, content) in attachments?[name] as JsonObject ?? [])
        {
            var base64 = OutputText.Read(content);
            if (type.StartsWith("image/", StringComparison.Ordinal) && Base64.IsValid(base64) && MayEmbed(base64.Length))
            {
                return $"{Data}{type};base64,{base64}";
            }
        }

        return null;
    }

    private string? Embed(string url)
    {
        try
        {
            var file = new FileInfo(Target(url));
            return PictureTypes.TryGetValue(file.Extension, out var type) && file.Exists && MayEmbed(file.Length)
                ? $"{Data}{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file.FullName))}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private bool MayEmbed(long bytes)
    {
        var may = bytes <= _bytesToEmbed;
        _bytesToEmbed -= may ? bytes : 0;
        return may;
    }

    private string Link(string url)
    {
        var path = PathOf(url);
        if (!IsRelative(url) || Unescape(path).Contains('\0'))
        {
            return url;
        }

        var rest = url[path.Length..];
        var target = paths.HasPage(Target(url)) ? paths.PageOf(Target(url)) : Target(url);
        var relative = Path.GetRelativePath(paths.FolderOf(file), target).Replace('\\', '/');
        return string.Join('/', relative.Split('/').Select(Uri.EscapeDataString)) + rest;
    }

    private string Target(string url) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, Unescape(PathOf(url))));

    private static string Unescape(string text) => Uri.UnescapeDataString(text);

    private static string PathOf(string url) => url.IndexOfAny(['#', '?']) is var end and >= 0 ? url[..end] : url;
}
