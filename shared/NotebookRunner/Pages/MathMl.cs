namespace NotebookRunner.Pages;

/// <summary>
/// Formulas that every browser shows without a script: the part of TeX that notebooks use, as MathML Core. A command
/// that is not known stays readable, as its source.
/// </summary>
internal static class MathMl
{
    public static string FromTex(string tex, bool display) =>
        $"<math display=\"{(display ? "block" : "inline")}\">{new TexParser(tex, display).Parse()}</math>";
}
