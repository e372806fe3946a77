using System.Net;

namespace NotebookRunner.Pages;

/// <summary>Small pieces of HTML.</summary>
internal static class Html
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
