using System.IO.Compression;
using Plotly.NET;

namespace Autoencoders.Display;

/// <summary>The plotly.js that Plotly.NET brings along: charts draw without a network.</summary>
internal static class PlotlyScript
{
    private static readonly Lazy<string> Packed = new(() => Convert.ToBase64String(Compress()));

    /// <summary>A script element that sets <c>window.Plotly</c>, once a page. About 1.5 MB: the library is unpacked by the browser.</summary>
    /// <remarks>Jupyter has require.js: a library that sees its <c>define</c> would register there instead of on the window.</remarks>
    public static string ToHtml() => $$"""
        <script data-plotly-library>window.plotlyLibrary ??= window.Plotly ?? (async () => {
          const packed = Uint8Array.from(atob('{{Packed.Value}}'), c => c.charCodeAt(0));
          const source = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
          new Function('define', 'module', 'exports', await source.text()).call(window);
        })();</script>
        """;

    /// <summary>The library's source, as it lies in Plotly.NET's assembly.</summary>
    internal static Stream Open()
    {
        var assembly = typeof(GenericChart).Assembly;
        return assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(n => n.EndsWith(".min.js", StringComparison.Ordinal)))!;
    }

    private static byte[] Compress()
    {
        using var source = Open();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            source.CopyTo(gzip);
        }

        return packed.ToArray();
    }
}
