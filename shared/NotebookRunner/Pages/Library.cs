using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookRunner.Pages;

/// <summary>The reference of the library as a page: its public types and their members, with what their XML docs say.</summary>
internal sealed class Library
{
    public const string FileName = "library.html", Title = "The library";

    private static readonly SymbolDisplayFormat Signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType).AddMemberOptions(SymbolDisplayMemberOptions.IncludeModifiers)
        .AddKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword);

    private readonly List<Section> _sections = [];
    private readonly HashSet<string> _anchors = [];
    private readonly XmlDocs _docs;

    private Library(XmlDocs docs, IEnumerable<INamedTypeSymbol> types)
    {
        _docs = docs;
        var documented = types.SelectMany(Documented).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal).ToArray();
        foreach (var symbol in documented.SelectMany(type => MembersOf(type).Prepend(type)))
        {
            SetAnchor(symbol);
        }

        Content = $"""
            <section class="text">
            <h1>{Title}</h1>
            <p>What chapters load with <code>#r "../shared/bin/Autoencoders.dll"</code> and <code>#r "../shared/bin/Autoencoders.Compression.dll"</code>.</p>
            {string.Concat(documented.GroupBy(type => type.ContainingNamespace.ToDisplayString()).Select(Namespace))}</section>

            """;
    }

    /// <summary>The page's content, as HTML.</summary>
    public string Content { get; }

    /// <summary>The namespaces and types.</summary>
    public IReadOnlyList<Section> Sections => _sections;

    /// <summary>Reads the assemblies of the library and the XML beside them.</summary>
    /// <param name="folder">Where they were built; without them the page is empty.</param>
    public static Library Load(string folder)
    {
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "Autoencoders*.dll").Order(StringComparer.Ordinal)] : [];
        var others = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Append(Path.Combine(folder, "TorchSharp.dll"))
            .Where(file => File.Exists(file) && !files.Select(Path.GetFileName).Contains(Path.GetFileName(file)));
        MetadataReference[] ours = [.. files.Select(file => MetadataReference.CreateFromFile(file))];
        var compilation = CSharpCompilation.Create("library", references: [.. ours, .. others.Select(file => MetadataReference.CreateFromFile(file))]);
        return new Library(
            XmlDocs.Load(files.Select(file => Path.ChangeExtension(file, ".xml"))),
            ours.SelectMany(file => TypesOf(((IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(file)!).GlobalNamespace)));
    }

    /// <summary>Where on the page a name of the library is, as chapters write it: a type, or a type with its member.</summary>
    public string? AnchorOf(string name) => name.Split('(')[0] is var anchor && _anchors.Contains(anchor) ? anchor : null;

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceSymbol space) => space.GetNamespaceMembers().SelectMany(TypesOf).Concat(space.GetTypeMembers());

    private static string NameOf(ISymbol symbol) => symbol is INamedTypeSymbol type
        ? (type.ContainingType is { } outer ? $"{NameOf(outer)}." : "") + type.Name
        : $"{NameOf(symbol.ContainingType)}.{(symbol.CanBeReferencedByName ? symbol.Name : symbol.ContainingType.Name)}";

    private bool IsDocumented(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected && _docs.Of(symbol.GetDocumentationCommentId()!) is not null;

    private IEnumerable<INamedTypeSymbol> Documented(INamedTypeSymbol type) => IsDocumented(type) ? type.GetTypeMembers().SelectMany(Documented).Prepend(type) : [];

    // What is said on a type is said on its primary constructor too, and on the properties that a record makes of the parameters.
    private bool IsSaidOnType(ISymbol member) => _docs.Of(member.ContainingType.GetDocumentationCommentId()!)!.Elements("param").Any(parameter =>
        parameter.Attribute("name")!.Value == (member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [var first, ..] } ? first.Name : member.Name));

    private IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type) =>
        type.GetMembers().Where(member => member is not INamedTypeSymbol && IsDocumented(member) && !IsSaidOnType(member));

    private void SetAnchor(ISymbol symbol)
    {
        var (name, overload) = (NameOf(symbol), 1);
        var anchor = name;
        while (!_anchors.Add(anchor))
        {
            anchor = $"{name}-{++overload}";
        }

        _docs.Anchors[symbol.GetDocumentationCommentId()!] = anchor;
    }

    private string Namespace(IGrouping<string, INamedTypeSymbol> types)
    {
        _sections.Add(new Section(types.Key, 2, types.Key));
        return $"<h2 id=\"{types.Key}\">{types.Key}</h2>\n{string.Concat(types.Select(Type))}";
    }

    private string Type(INamedTypeSymbol type)
    {
        var section = new Section(AnchorIn(type), 3, NameOf(type));
        _sections.Add(section);
        var members = string.Concat(MembersOf(type).Select(member => $"<dt id=\"{AnchorIn(member)}\">{Code(member)}</dt><dd>{_docs.ToHtml(member.GetDocumentationCommentId()!)}</dd>\n"));
        var signatures = string.Join("<br>", type.InstanceConstructors.Where(constructor => IsDocumented(constructor) && IsSaidOnType(constructor)).Prepend<ISymbol>(type).Select(Code));
        section.Text.AppendJoin(' ', MembersOf(type).Prepend(type).Select(symbol => $"{symbol.Name} {_docs.Of(symbol.GetDocumentationCommentId()!)!.Value}"));
        return $"<h3 id=\"{section.Id}\">{Html.Escape(section.Title)}</h3>\n<p>{signatures}</p>\n{_docs.ToHtml(type.GetDocumentationCommentId()!)}"
            + (members.Length > 0 ? $"<dl>\n{members}</dl>\n" : "");
    }

    private string AnchorIn(ISymbol symbol) => _docs.Anchors[symbol.GetDocumentationCommentId()!];

    private static string Code(ISymbol symbol) => $"<code class=\"signature\" translate=\"no\">{CSharpHighlighter.ToHtml(symbol.ToDisplayString(Signature))}</code>";
}
