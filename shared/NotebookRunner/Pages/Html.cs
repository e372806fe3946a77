using System.Net;

namespace NotebookRunner.Pages;

/// <summary>Small pieces of HTML.</summary>
internal static class Html
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Text as it is, for what cannot be shown in a better way.</summary>
    public static string Source(string text) => $"<pre class=\"listing\" tabindex=\"0\">{Escape(text)}</pre>\n";
}
