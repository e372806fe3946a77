namespace NotebookRunner.Pages;

/// <summary>Shows the formulas of the notebooks in any browser, without scripts: TeX becomes MathML.</summary>
internal static class MathMl
{
    public static string FromTex(string tex, bool display) =>
        $"<math display=\"{(display ? "block" : "inline")}\"><mtext>{Html.Escape(tex)}</mtext></math>";
}
