using System.Text;

namespace NotebookRunner.Pages;

/// <summary>Reads one formula of TeX and writes MathML.</summary>
internal sealed class TexParser(string tex, bool display)
{
    private int _at;

    private bool AtEnd => _at >= tex.Length;

    public string Parse()
    {
        var rows = new StringBuilder();
        while (!AtEnd)
        {
            rows.Append(Row());
            _at++; // A brace that closes nothing.
        }

        return $"<mrow>{rows}</mrow>";
    }

    private string Row()
    {
        var row = new StringBuilder();
        SkipSpaces();
        while (!AtEnd && tex[_at] != '}' && !IsAt(@"\right"))
        {
            row.Append(WithScripts());
            SkipSpaces();
        }

        return row.ToString();
    }

    private string WithScripts()
    {
        var large = LargeOperatorAhead();
        var atom = Atom();
        string? below = null, above = null;
        for (SkipSpaces(); !AtEnd && tex[_at] is '_' or '^' or '\''; SkipSpaces())
        {
            var kind = tex[_at++];
            if (kind == '_')
            {
                below = Argument();
            }
            else
            {
                above = kind == '\'' ? "<mo>′</mo>" : Argument();
            }
        }

        var stacked = large && display;
        return (below, above) switch
        {
            (null, null) => atom,
            (_, null) => Element(stacked ? "munder" : "msub", atom, below),
            (null, _) => Element(stacked ? "mover" : "msup", atom, above),
            _ => Element(stacked ? "munderover" : "msubsup", atom, below, above),
        };
    }

    private string Argument()
    {
        SkipSpaces();
        return AtEnd ? "<mrow></mrow>" : Atom();
    }

    private string Atom()
    {
        var c = tex[_at];
        if (c == '\\')
        {
            return Command();
        }

        if (c == '{')
        {
            return Group();
        }

        if (char.IsAsciiDigit(c))
        {
            return $"<mn>{Number()}</mn>";
        }

        _at++;
        return char.IsLetter(c) ? $"<mi>{c}</mi>" : Operator(c == '-' ? "−" : c.ToString());
    }

    private string Group()
    {
        _at++;
        var row = Row();
        _at++;
        return $"<mrow>{row}</mrow>";
    }

    private string Command()
    {
        var name = CommandName();
        return name switch
        {
            "frac" or "tfrac" or "dfrac" => Element("mfrac", Argument(), Argument()),
            "sqrt" => Element("msqrt", Argument()),
            "left" => Fenced(),
            _ when TexSymbols.Upright.Contains(name) => Upright(name),
            _ when TexSymbols.Functions.Contains(name) => $"<mo lspace=\"0.17em\" rspace=\"{SpaceAfterFunction()}\">{name}</mo>",
            _ when TexSymbols.Accents.TryGetValue(name, out var accent) => $"<mover accent=\"true\">{Argument()}<mo stretchy=\"false\">{accent}</mo></mover>",
            _ when TexSymbols.Spaces.TryGetValue(name, out var width) => $"<mspace width=\"{width}\"></mspace>",
            _ when TexSymbols.Letters.TryGetValue(name, out var letter) => $"<mi>{letter}</mi>",
            _ when TexSymbols.Large.TryGetValue(name, out var large) => LargeOperator(large),
            _ when TexSymbols.Operators.TryGetValue(name, out var symbol) => Operator(symbol),
            _ => $"<mtext>\\{Html.Escape(name)}</mtext>",
        };
    }

    // A function's name stands apart from its argument, unless a bracket follows.
    private string SpaceAfterFunction()
    {
        SkipSpaces();
        return AtEnd || tex[_at] is '(' or '}' || IsAt(@"\left") ? "0" : "0.17em";
    }

    // Sized by the style sheet: browsers size it themselves only where there is a mathematical font.
    private string LargeOperator(string symbol) => display && symbol.Length == 1
        ? $"<mo class=\"large\" largeop=\"false\" movablelimits=\"false\">{symbol}</mo>"
        : $"<mo lspace=\"0.17em\" rspace=\"0.17em\" movablelimits=\"false\">{symbol}</mo>";

    private string Fenced()
    {
        var open = Delimiter();
        var row = Row();
        _at += IsAt(@"\right") ? @"\right".Length : 0;
        return $"<mrow>{open}{row}{Delimiter()}</mrow>";
    }

    private string Delimiter()
    {
        SkipSpaces();
        if (AtEnd)
        {
            return "";
        }

        var text = tex[_at] == '\\' ? TexSymbols.Operators.GetValueOrDefault(CommandName(), "") : tex[_at++].ToString();
        return text == "." ? "" : $"<mo stretchy=\"true\">{Html.Escape(text)}</mo>";
    }

    private string Upright(string command)
    {
        SkipSpaces();
        var end = AtEnd || tex[_at] != '{' ? -1 : tex.IndexOf('}', _at);
        if (end < 0)
        {
            return $"<mtext>\\{command}</mtext>";
        }

        var text = Html.Escape(tex[(_at + 1)..end]);
        _at = end + 1;
        return command switch
        {
            "text" => $"<mtext>{text.Replace(' ', '\u00a0')}</mtext>",
            "mathbf" or "boldsymbol" => $"<mi class=\"bold\" mathvariant=\"normal\">{text}</mi>",
            _ => $"<mi mathvariant=\"normal\">{text}</mi>",
        };
    }

    private string CommandName()
    {
        var start = ++_at;
        while (!AtEnd && char.IsAsciiLetter(tex[_at]))
        {
            _at++;
        }

        if (_at == start && !AtEnd)
        {
            _at++;
        }

        return tex[start.._at];
    }

    private string Number()
    {
        var start = _at;
        while (!AtEnd && (char.IsAsciiDigit(tex[_at]) || (tex[_at] is '.' or ',' && _at + 1 < tex.Length && char.IsAsciiDigit(tex[_at + 1]))))
        {
            _at++;
        }

        return tex[start.._at];
    }

    private bool LargeOperatorAhead()
    {
        var start = _at;
        var large = tex[_at] == '\\' && TexSymbols.Large.ContainsKey(CommandName());
        _at = start;
        return large;
    }

    private bool IsAt(string text) => string.CompareOrdinal(tex, _at, text, 0, text.Length) == 0
        && (_at + text.Length >= tex.Length || !char.IsAsciiLetter(tex[_at + text.Length]));

    private void SkipSpaces()
    {
        while (!AtEnd && char.IsWhiteSpace(tex[_at]))
        {
            _at++;
        }
    }

    private static string Operator(string symbol) =>
        $"<mo{(symbol is "(" or ")" or "[" or "]" or "|" or "‖" ? " stretchy=\"false\"" : "")}>{Html.Escape(symbol)}</mo>";

    private static string Element(string name, params string[] children) =>
        $"<{name}>{string.Concat(children.Select(child => $"<mrow>{child}</mrow>"))}</{name}>";
}
