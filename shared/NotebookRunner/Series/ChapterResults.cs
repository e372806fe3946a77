using System.Text.Json;
using System.Text.Json.Nodes;

namespace NotebookRunner.Series;

/// <summary>What the chapters of this run measured: they write it to <c>results.json</c> in the output folder.</summary>
/// <param name="Data">The data set they ran on; null where none said.</param>
/// <param name="Metrics">The measured values by name.</param>
internal sealed record ChapterResults(string? Data, IReadOnlyDictionary<string, double> Metrics)
{
    private const string FileName = "results.json";

    /// <summary>Removes what an earlier run left.</summary>
    public static void Clear(string output) => File.Delete(Path.Combine(output, FileName));

    /// <exception cref="JsonException">The file is damaged.</exception>
    public static ChapterResults Read(string output)
    {
        var file = Path.Combine(output, FileName);
        if (!File.Exists(file))
        {
            return new ChapterResults(null, new Dictionary<string, double>());
        }

        var json = JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new JsonException($"{file} holds no JSON object.");
        var metrics = json["metrics"] as JsonObject ?? [];
        return new ChapterResults(json["data"]?.GetValue<string>(), metrics.ToDictionary(m => m.Key, m => m.Value!.GetValue<double>()));
    }
}
