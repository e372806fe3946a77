using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autoencoders;

/// <summary>The measured numbers of a run, gathered from every chapter in <c>results.json</c> among the artifacts.</summary>
public static class Results
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The file that holds the numbers.</summary>
    public static string FilePath => Path.Combine(ProjectFolder.Artifacts, "results.json");

    /// <summary>Writes <paramref name="value"/> under <paramref name="metric"/>, and keeps all others.</summary>
    /// <param name="metric">A name with its unit, such as <c>test_psnr_db</c>.</param>
    /// <param name="value">A finite number.</param>
    /// <param name="data">The data set it was measured on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite: something went wrong before.</exception>
    public static void Record(string metric, double value, string data)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), $"{metric} is {value}, not a finite number.");
        }

        var results = File.Exists(FilePath) ? JsonNode.Parse(File.ReadAllText(FilePath))!.AsObject() : [];
        results["data"] = data;
        results["metrics"] ??= new JsonObject();
        results["metrics"]![metric] = value;
        AtomicFile.Write(FilePath, stream => JsonSerializer.Serialize(stream, results, Indented));
    }
}
