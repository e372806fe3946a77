using System.Text;
using System.Xml.Linq;

namespace NotebookRunner.Pages;

/// <summary>What the XML docs of assemblies say on their types and members, as HTML.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Where on the page what is documented stands, by the names that the compiler gives: <c>T:Autoencoders.Data.IdxFile</c>.</summary>
    public Dictionary<string, string> Anchors { get; } = [];

    public static XmlDocs Load(IEnumerable<string> files) =>
        new(files.SelectMany(file => XDocument.Load(file).Descendants("member")).ToDictionary(member => member.Attribute("name")!.Value));

    /// <summary>What is said on one; null where that is nothing, or only what its base says.</summary>
    public XElement? Of(string id) =>
        !_members.TryGetValue(id, out var member) ? null
        : member.Element("inheritdoc") is not { } inherited ? member
        : inherited.Attribute("cref") is { } cref ? Of(cref.Value)
        : null;

    /// <summary>What is said on one, which must be documented.</summary>
    public string ToHtml(string id)
    {
        var member = Of(id)!;
        var html = new StringBuilder(string.Concat(member.Elements().Where(part => part.Name.LocalName is "summary" or "remarks").Select(part => $"<div>{Inside(part)}</div>\n")));
        var items = string.Concat(member.Elements().Select(part => part.Name.LocalName switch
        {
            "param" or "typeparam" => $"<li><code>{part.Attribute("name")!.Value}</code>: {Inside(part)}</li>\n",
            "returns" => $"<li>Returns: {Inside(part)}</li>\n",
            "exception" => $"<li>Throws {Reference(part)}: {Inside(part)}</li>\n",
            _ => "",
        }));
        return html.Append(items.Length > 0 ? $"<ul>\n{items}</ul>\n" : "").ToString();
    }

    private string Inside(XElement element) => string.Concat(element.Nodes().Select(Node));

    private string Node(XNode node) => node switch
    {
        XText text => Html.Escape(text.Value),
        XElement { Name.LocalName: "see" or "seealso" } element => Reference(element),
        XElement { Name.LocalName: "paramref" or "typeparamref" } element => $"<code>{element.Attribute("name")!.Value}</code>",
        XElement { Name.LocalName: "c" } element => $"<code>{Inside(element)}</code>",
        XElement { Name.LocalName: "para" } element => $"<p>{Inside(element)}</p>",
        XElement { Name.LocalName: "list" } element => $"<ul>{Inside(element)}</ul>",
        XElement { Name.LocalName: "item" } element => $"<li>{Inside(element)}</li>",
        XElement { Name.LocalName: "term" } element => $"<b>{Inside(element)}</b> ",
        XElement element => Inside(element),
        _ => "",
    };

    private string Reference(XElement element)
    {
        if (element.Attribute("href") is { } link)
        {
            return $"<a href=\"{Html.Escape(link.Value)}\">{(element.IsEmpty ? Html.Escape(link.Value) : Inside(element))}</a>";
        }

        var name = element.Attribute("cref")?.Value ?? element.Attribute("langword")!.Value;
        return Anchors.TryGetValue(name, out var anchor) ? $"<a href=\"#{anchor}\"><code>{anchor}</code></a>" : $"<code>{Html.Escape(Short(name))}</code>";
    }

    // Of M:System.IO.File.Open(System.String) the type and the member, of T:System.IO.File the type.
    private static string Short(string id)
    {
        var names = id.Split('(')[0].Split('`')[0].Split('.', ':');
        return string.Join('.', names[^(id.StartsWith("T:", StringComparison.Ordinal) || names.Length < 2 ? 1 : 2)..]);
    }
}
