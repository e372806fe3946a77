using System.Text.Json.Nodes;
using Autoencoders;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;
using NotebookRunner.Pages;

namespace NotebookRunner.Series;

/// <summary>The whole run, as <c>series.json</c> tells it.</summary>
/// <param name="Notebooks">What came of each notebook, in order.</param>
/// <param name="Results">What the chapters measured.</param>
/// <param name="Folder">Where <c>series.json</c> is written.</param>
/// <param name="Elapsed">The time of the whole, which is less than the sum of its parts where notebooks ran side by side.</param>
/// <param name="Book">The pages.</param>
internal sealed record SeriesReport(IReadOnlyList<NotebookResult> Notebooks, ChapterResults Results, string Folder, TimeSpan Elapsed, Book Book)
{
    /// <summary>Why <c>series.json</c> could not be written; null where it was.</summary>
    public string? WriteError { get; private init; }

    public int ExitCode => Notebooks.All(n => n.Ok) && WriteError is null && Results.Error is null && Book.Unwritten.Count == 0 ? Series.ExitCode.Success : Series.ExitCode.Failure;

    /// <summary>Writes <c>series.json</c>.</summary>
    /// <returns>The same report, which tells whether that succeeded.</returns>
    public SeriesReport Write()
    {
        try
        {
            AtomicFile.Write(Path.Combine(Folder, "series.json"), JupyterJson.Write(ToJson()));
            return this;
        }
        catch (IOException e)
        {
            return this with { WriteError = e.Message };
        }
    }

    private JsonObject ToJson() => new()
    {
        ["data"] = Results.Data,
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 2),
        ["notebooks"] = new JsonArray([.. Notebooks.Select(ToJson)]),
        ["metrics"] = new JsonObject(Results.Metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
    };

    private static JsonObject ToJson(NotebookResult result)
    {
        var json = new JsonObject
        {
            ["name"] = result.Notebook.Name,
            ["ok"] = result.Ok,
            ["cells"] = result.Cells,
            ["seconds"] = Math.Round(result.Elapsed.TotalSeconds, 2),
        };
        if (result.Failure is { } failure)
        {
            json["failed_cell"] = result.Cells;
            json["error"] = failure.ToString();
        }
        else if (!result.Ok)
        {
            json["error"] = result.SaveError ?? result.Unwritten.FirstOrDefault() ?? (result.State == RunState.Interrupted ? "stopped" : "not run");
        }

        return json;
    }
}
