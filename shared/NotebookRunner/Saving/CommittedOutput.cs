using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Saving;

/// <summary>
/// Turns an output into the form that is committed, which must be readable where no script runs: no scripts, and of an
/// output that is a picture as well, such as a chart, the picture alone.
/// </summary>
internal static partial class CommittedOutput
{
    private const string Html = "text/html", Png = "image/png";

    public static string WithoutScripts(string html) => ScriptElement().Replace(html, "");

    /// <summary>Removes scripts, and the HTML of an output that has a picture.</summary>
    public static void Clean(JsonObject output)
    {
        var html = HtmlOf(output);
        if (html.Length == 0)
        {
            return;
        }

        var data = (JsonObject)output["data"]!;
        var clean = WithoutScripts(html);
        if (string.IsNullOrWhiteSpace(clean) || data.ContainsKey(Png))
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
}
