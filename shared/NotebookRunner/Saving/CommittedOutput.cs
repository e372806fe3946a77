using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Saving;

/// <summary>
/// Turns an output into the form that is committed, which must be readable where no script runs: no scripts, charts as
/// still pictures, and each picture once.
/// </summary>
internal static partial class CommittedOutput
{
    private const string Html = "text/html", Png = "image/png";

    public static bool HasChart(JsonObject output) => ChartClass().IsMatch(HtmlOf(output));

    public static string WithoutScripts(string html) => ScriptElement().Replace(html, "");

    /// <summary>Puts a chart's still picture in the place of its HTML.</summary>
    public static void UseStill(JsonObject output, ChartStill still)
    {
        var data = (JsonObject)output["data"]!;
        data.Remove(Html);
        data[Png] = still.Png;
        output["metadata"] = new JsonObject { [Png] = new JsonObject { ["height"] = still.Height, ["width"] = still.Width } };
    }

    /// <summary>Removes scripts, and HTML that only repeats the output's own picture.</summary>
    public static void Clean(JsonObject output)
    {
        var html = HtmlOf(output);
        if (html.Length == 0)
        {
            return;
        }

        var data = (JsonObject)output["data"]!;
        var clean = WithoutScripts(html);
        if (string.IsNullOrWhiteSpace(clean) || (MultilineText.Read(data[Png]) is { Length: > 0 } png && clean.Contains(png, StringComparison.Ordinal)))
        {
            data.Remove(Html);
        }
        else
        {
            data[Html] = MultilineText.Write(clean);
        }
    }

    private static string HtmlOf(JsonObject output) => MultilineText.Read(output["data"]?[Html]);

    [GeneratedRegex("""<script\b.*?</script\s*>\s*""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex ScriptElement();

    [GeneratedRegex("""class\s*=\s*["']?[^"'>]*\bplotly-chart\b""")]
    private static partial Regex ChartClass();
}
