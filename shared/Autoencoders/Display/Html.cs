using System.Net;

namespace Autoencoders.Display;

/// <summary>The few pieces of HTML that several figures share.</summary>
internal static class Html
{
    /// <summary>Text made safe for an element's content or a quoted attribute.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>The picture as an image element that carries its own data.</summary>
    public static string Image(byte[] png, string alternativeText) =>
        $"""<img alt="{Encode(alternativeText)}" style="max-width:100%" src="data:image/png;base64,{Convert.ToBase64String(png)}">""";
}
