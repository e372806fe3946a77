using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NotebookRunner.Pages;

/// <summary>
/// Colours C# with the compiler's own lexer, so that every version's literals and comments come out right. Its parser
/// would know types from methods for certain, but takes time without bounds where code nests deep.
/// </summary>
internal static partial class CSharpHighlighter
{
    // The lexer calls itself for each string in a string, for each bracket in one, and for each #if that is left out.
    private const int MostNesting = 200;

    // Where the code in a string does not end, it copies all that is left for each string in it.
    private const long MostCopied = 100_000_000;

    private static readonly CSharpParseOptions Script = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // To the lexer they are names.
    private static readonly HashSet<string> ContextualKeywords =
        ["and", "async", "await", "dynamic", "file", "get", "init", "nameof", "not", "or", "partial", "record", "required", "scoped", "set", "var", "when", "where", "with", "yield"];

    private static readonly HashSet<string> BeforeTypes = ["new", "class", "struct", "record", "interface", "enum", "is", "as"];

    /// <summary>The code as HTML, each coloured piece in a <c>span</c> with one of the classes of <c>page.css</c>.</summary>
    public static string ToHtml(string code)
    {
        var behind = code.AsSpan(code.IndexOf('$') is var start and >= 0 ? start : code.Length);
        if (Nesting().Count(code) > MostNesting || BracketsInStrings(behind) > MostNesting || (long)behind.Count('"') * behind.Length > MostCopied)
        {
            return Html.Escape(code);
        }

        var html = new StringBuilder();
        SyntaxToken[] tokens = [.. SyntaxFactory.ParseTokens(code, options: Script)];
        for (var i = 0; i < tokens.Length; i++)
        {
            AppendTrivia(html, tokens[i].LeadingTrivia);
            Append(html, tokens[i].Text, ClassOf(tokens[i], i > 0 ? tokens[i - 1] : default, i + 1 < tokens.Length ? tokens[i + 1] : default));
            AppendTrivia(html, tokens[i].TrailingTrivia);
        }

        return html.ToString();
    }

    // How deep brackets lie in each other behind the first string that may hold code; one closes none but its own kind.
    private static int BracketsInStrings(ReadOnlySpan<char> code)
    {
        var (deepest, open) = (0, new Stack<char>());
        foreach (var c in code)
        {
            if (c is '(' or '[' or '{')
            {
                open.Push(c == '(' ? ')' : c == '[' ? ']' : '}');
                deepest = Math.Max(deepest, open.Count);
            }
            else if (open.TryPeek(out var close) && c == close)
            {
                open.Pop();
            }
        }

        return deepest;
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

    private static string? ClassOf(SyntaxTrivia trivia) =>
        trivia.IsDirective ? "dir" : trivia.Kind().ToString().Contains("Comment", StringComparison.Ordinal) ? "com" : null;

    private static string? ClassOf(SyntaxToken token, SyntaxToken before, SyntaxToken after)
    {
        var kind = token.Kind();
        return token.IsKeyword() || IsContextualKeyword(token, before, after) ? "kw"
            : kind == SyntaxKind.NumericLiteralToken ? "num"
            : kind == SyntaxKind.IdentifierToken ? ClassOfName(token, before, after)
            : kind.ToString() is var name && (name.Contains("String", StringComparison.Ordinal) || name.Contains("CharacterLiteral", StringComparison.Ordinal)) ? "str"
            : null;
    }

    private static bool IsContextualKeyword(SyntaxToken token, SyntaxToken before, SyntaxToken after) =>
        ContextualKeywords.Contains(token.Text) && !before.IsKind(SyntaxKind.DotToken)
        && !(after.Kind() is SyntaxKind.DotToken or SyntaxKind.EqualsToken or SyntaxKind.CommaToken or SyntaxKind.CloseParenToken);

    // Two names in a row, or a name right before an angle bracket: the first is a type's.
    private static string? ClassOfName(SyntaxToken name, SyntaxToken before, SyntaxToken after) =>
        BeforeTypes.Contains(before.Text) || after.IsKind(SyntaxKind.IdentifierToken) && !IsContextualKeyword(after, name, default) ? "typ"
        : after.IsKind(SyntaxKind.OpenParenToken) ? "fn"
        : after.IsKind(SyntaxKind.LessThanToken) && !name.HasTrailingTrivia && char.IsUpper(name.Text[0]) ? "typ"
        : null;

    [GeneratedRegex("""\$+@?"|@\$"|#if""")]
    private static partial Regex Nesting();
}
