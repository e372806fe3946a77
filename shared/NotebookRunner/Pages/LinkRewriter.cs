using System.Net;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>
/// Makes the links of a notebook work from the output folder: other chapters become pages, files of the project are
/// found from there, and pictures are embedded.
/// </summary>
internal sealed partial class LinkRewriter(Notebook notebook, ArtifactPaths paths)
{
    private static readonly Dictionary<string, string> PictureTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
    };

    /// <summary>Rewrites the <c>href</c> and <c>src</c> attributes of a piece of HTML.</summary>
    public string Rewrite(string html) => Attribute().Replace(html, match =>
    {
        var url = WebUtility.HtmlDecode(match.Groups["url"].Value);
        var rewritten = IsRelative(url) ? match.Groups["name"].Value == "src" ? Embed(url) : Link(url) : url;
        return $"{match.Groups["name"].Value}=\"{Html.Escape(rewritten)}\"";
    });

    private static bool IsRelative(string url) =>
        url.Length > 0 && url[0] is not ('#' or '/') && !Uri.TryCreate(url, UriKind.Absolute, out _);

    private string Embed(string url)
    {
        var file = Target(url);
        return File.Exists(file) && PictureTypes.TryGetValue(Path.GetExtension(file), out var type)
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}"
            : Link(url);
    }

    private string Link(string url)
    {
        var path = PathOf(url);
        var rest = url[path.Length..];
        var target = path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) ? paths.PageOf(Target(url)) : Target(url);
        var relative = Path.GetRelativePath(paths.FolderOf(notebook.File), target).Replace('\\', '/');
        return string.Join('/', relative.Split('/').Select(Uri.EscapeDataString)) + rest;
    }

    private string Target(string url) => Path.GetFullPath(Path.Combine(notebook.Folder, Uri.UnescapeDataString(PathOf(url))));

    private static string PathOf(string url) => url.IndexOfAny(['#', '?']) is var end and >= 0 ? url[..end] : url;

    [GeneratedRegex("""(?<=<[^<>]*\s)(?<name>href|src)\s*=\s*"(?<url>[^"]*)"(?=[^<>]*>)""")]
    private static partial Regex Attribute();
}
