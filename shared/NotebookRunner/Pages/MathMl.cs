using Jint;

namespace NotebookRunner.Pages;

/// <summary>
/// Formulas as MathML, which every browser shows without a script: Temml makes it, a JavaScript library, in an
/// interpreter that ends it where a formula asks for too much.
/// </summary>
internal static class MathMl
{
    private const int LongestFormula = 5_000, DeepestCall = 200, MostStatements = 3_000_000, MostKept = 500;

    private static readonly Lazy<Engine> Temml = new(Load);

    // A chapter that is run has two pages in a run, and a formula stands on many a page.
    private static readonly Dictionary<(string Tex, bool Display), string?> Kept = [];

    /// <summary>The formula as a <c>math</c> element; null where it has a slip, or is longer than 5,000 characters.</summary>
    public static string? FromTex(string tex, bool display)
    {
        if (tex.Length > LongestFormula)
        {
            return null;
        }

        lock (Temml)
        {
            if (!Kept.TryGetValue((tex, display), out var math))
            {
                math = Render(tex, display);
                if (Kept.Count == MostKept)
                {
                    Kept.Clear();
                }

                Kept.Add((tex, display), math);
            }

            return math;
        }
    }

    private static string? Render(string tex, bool display)
    {
        try
        {
            return Temml.Value.Invoke("render", tex, display).AsString();
        }
        catch (JintException)
        {
            return null;
        }
    }

    private static Engine Load() => new Engine(options => options.LimitRecursion(DeepestCall).MaxStatements(MostStatements))
        .Execute(Asset.Read("temml.min.js"))
        .Execute("function render(tex, displayMode) { return temml.renderToString(tex, { displayMode, throwOnError: true }); }");
}
