using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NotebookRunner.Pages;

/// <summary>Colours C# as the compiler reads it, so that every version of the language comes out right.</summary>
internal static class CSharpHighlighter
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    /// <summary>The code as HTML, each coloured piece in a <c>span</c> with one of the classes of <c>page.css</c>.</summary>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantTokens())
        {
            AppendTrivia(html, token.LeadingTrivia);
            Append(html, token.Text, ClassOf(token));
            AppendTrivia(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static void AppendTrivia(StringBuilder html, SyntaxTriviaList list)
    {
        foreach (var trivia in list)
        {
            Append(html, trivia.ToFullString(), ClassOf(trivia));
        }
    }

    private static void Append(StringBuilder html, string text, string? style) =>
        html.Append(style is null ? Html.Escape(text) : $"<span class=\"{style}\">{Html.Escape(text)}</span>");

    private static string? ClassOf(SyntaxTrivia trivia) => trivia switch
    {
        { IsDirective: true } => "dir",
        _ when trivia.ToString().StartsWith("//", StringComparison.Ordinal) || trivia.ToString().StartsWith("/*", StringComparison.Ordinal) => "com",
        _ => null,
    };

    private static string? ClassOf(SyntaxToken token)
    {
        if (token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) || token is { Text: "var", Parent: IdentifierNameSyntax { IsVar: true } })
        {
            return "kw";
        }

        var kind = token.Kind();
        return kind == SyntaxKind.NumericLiteralToken ? "num"
            : kind == SyntaxKind.IdentifierToken ? ClassOfName(token)
            : IsText(kind) ? "str"
            : null;
    }

    private static bool IsText(SyntaxKind kind) =>
        kind.ToString() is var name && (name.Contains("String", StringComparison.Ordinal) || name.Contains("CharacterLiteral", StringComparison.Ordinal));

    private static string? ClassOfName(SyntaxToken name) => name.Parent switch
    {
        BaseTypeDeclarationSyntax or TypeParameterSyntax or ConstructorDeclarationSyntax or DelegateDeclarationSyntax => "typ",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "fn",
        SimpleNameSyntax node => ClassOfUse(node),
        _ => null,
    };

    private static string? ClassOfUse(SimpleNameSyntax name)
    {
        SyntaxNode whole = name;
        while (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole || whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole)
        {
            whole = whole.Parent;
        }

        return whole.Parent switch
        {
            InvocationExpressionSyntax call when call.Expression == whole => "fn",
            MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } => "fn",
            UsingDirectiveSyntax or QualifiedNameSyntax or BaseNamespaceDeclarationSyntax => null,
            _ => SyntaxFacts.IsInTypeOnlyContext((ExpressionSyntax)whole) ? "typ" : null,
        };
    }
}
