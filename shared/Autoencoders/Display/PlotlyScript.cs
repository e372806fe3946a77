using System.Text;
using Plotly.NET;

namespace Autoencoders.Display;

/// <summary>The plotly.js that Plotly.NET brings along: charts draw without a network.</summary>
internal static class PlotlyScript
{
    /// <summary>A script element that sets <c>window.Plotly</c>, once a page. About 3.6 MB.</summary>
    /// <remarks>Jupyter has require.js: a script that sees its <c>define</c> would register there instead of on the window.</remarks>
    public static string ToHtml() =>
        $"<script>(function () {{ if (window.Plotly) return; var define, module, exports;\n{Guard(Source())}\n}}).call(window);</script>";

    /// <summary>JavaScript whose string literals cannot end the script element, nor open a comment in it.</summary>
    internal static string Guard(string script) => new StringBuilder(script)
        .Replace("</script", "<\\/script").Replace("</SCRIPT", "<\\/SCRIPT").Replace("<!--", "<\\!--").ToString();

    private static string Source()
    {
        var assembly = typeof(GenericChart).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
