using System.Text.Json;
using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Series;

/// <summary>What the chapters of this run measured: they write it to <c>results.json</c> in the output folder.</summary>
/// <param name="Data">The data set they ran on; null where none said.</param>
/// <param name="Metrics">The measured values by name.</param>
internal sealed record ChapterResults(string? Data, IReadOnlyDictionary<string, double> Metrics)
{
    private const string FileName = "results.json";
    private const int Deepest = 10;

    /// <summary>Removes what an earlier run left.</summary>
    public static void Clear(string output) => File.Delete(Path.Combine(output, FileName));

    /// <summary>Why they cannot be read; null where they can, or where there are none.</summary>
    public string? Error { get; private init; }

    public static ChapterResults Read(string output)
    {
        var (file, nothing) = (Path.Combine(output, FileName), new ChapterResults(null, new Dictionary<string, double>()));
        try
        {
            return File.Exists(file) ? Parse(File.ReadAllBytes(file)) : nothing;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            // A cell may have written anything, and that is not to cost the run.
            return nothing with { Error = $"{file} cannot be read, so that the metrics are missing: {e.Message}" };
        }
    }

    private static ChapterResults Parse(byte[] utf8)
    {
        var json = StrictJson.Parse(utf8, Deepest) as JsonObject ?? throw new JsonException("it holds no JSON object.");
        var metrics = json["metrics"] as JsonObject ?? [];
        return new ChapterResults(json["data"]?.GetValue<string>(), metrics.ToDictionary(m => m.Key, m => Number(m.Key, m.Value)));
    }

    private static double Number(string name, JsonNode? value) =>
        value is JsonValue number && number.TryGetValue(out double result) && double.IsFinite(result) ? result : throw new JsonException($"the metric '{name}' is no number.");
}
