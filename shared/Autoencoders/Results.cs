using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autoencoders;

/// <summary>The measured numbers of a run, gathered from every chapter in <c>results.json</c> among the artifacts.</summary>
public static class Results
{
    private const int LongestFile = 1 << 20;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The file that holds the numbers.</summary>
    public static string FilePath => Path.Combine(ProjectFolder.Artifacts, "results.json");

    /// <summary>Writes <paramref name="value"/> under <paramref name="metric"/>, and keeps all others, also those that other processes write meanwhile.</summary>
    /// <param name="metric">A name with its unit, such as <c>test_psnr_db</c>.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="data">The data set it was measured on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite: something went wrong before.</exception>
    /// <exception cref="FormatException">The file that is there holds something else than results; it stays as it is.</exception>
    /// <exception cref="IOException">The file cannot be written, or another process holds its lock for half a minute.</exception>
    public static void Record(string metric, double value, string data)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), $"{metric} is {value}, not a finite number.");
        }

        using var merging = FileLock.Take(FilePath + ".lock");
        var results = Read(FilePath);
        results["data"] = data;
        results["metrics"] ??= new JsonObject();
        results["metrics"]![metric] = value;
        AtomicFile.Write(FilePath, stream => JsonSerializer.Serialize(stream, results, Indented));
    }

    /// <summary>What a file of at most 1 MiB holds: an object with <c>data</c>, a text, and <c>metrics</c>, an object of numbers, where they are there. An empty object where there is no file.</summary>
    /// <exception cref="FormatException">The file holds something else.</exception>
    internal static JsonObject Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var file = File.OpenRead(path);
            var results = file.Length <= LongestFile ? JsonNode.Parse(file, documentOptions: Strict) as JsonObject : null;
            return results is not null && IsText(results["data"]) && AreNumbers(results["metrics"])
                ? results
                : throw new FormatException($"{path} holds no results of chapters: move it away, and run them again.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second says that a text is no Unicode.
            throw new FormatException($"{path} is no JSON: move it away, and run the chapters again. {e.Message}", e);
        }
    }

    private static bool IsText(JsonNode? data) => data is null || data.GetValueKind() == JsonValueKind.String;

    private static bool AreNumbers(JsonNode? metrics) =>
        metrics is null || (metrics is JsonObject all && all.All(metric => metric.Value is JsonValue value && value.TryGetValue<double>(out var number) && double.IsFinite(number)));
}
