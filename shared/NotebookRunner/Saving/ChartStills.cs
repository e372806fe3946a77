using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookRunner.Saving;

/// <summary>Takes still pictures of the charts of a finished page, in a browser.</summary>
internal static partial class ChartStills
{
    /// <exception cref="SaveException">There is no browser, or it did not draw the charts.</exception>
    public static async Task<IReadOnlyList<ChartStill>> TakeAsync(string page, CancellationToken cancellation)
    {
        var browser = Browser.Find();
        var folder = Directory.CreateTempSubdirectory("notebook-stills-").FullName;
        try
        {
            var file = Path.Combine(folder, "page.html");
            await File.WriteAllTextAsync(file, $"{page}<script>{Script()}</script>", cancellation);
            return Parse(await browser.DumpAsync(file, Path.Combine(folder, "profile"), cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ChartStill[] Parse(string dump)
    {
        var report = StillsElement().Match(dump);
        var json = report.Success ? JsonNode.Parse(report.Groups[1].Value) : null;
        return json?["stills"]?.Deserialize<ChartStill[]>()
            ?? throw new SaveException($"The browser drew no charts: {json?["error"] ?? "the page's scripts did not end"}.");
    }

    private static string Script()
    {
        using var stream = typeof(ChartStills).Assembly.GetManifestResourceStream("stills.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""<script type="application/json" id="stills">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex StillsElement();
}
