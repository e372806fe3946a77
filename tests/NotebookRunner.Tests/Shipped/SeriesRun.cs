using System.Text.Json.Nodes;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Shipped;

/// <summary>One run of the whole series on the shipped sample, for all tests that look at it.</summary>
public sealed class SeriesRun : IAsyncLifetime
{
    private readonly TemporaryFolder _output = new();

    public int ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public JsonObject Series { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        (ExitCode, var output, var errors) = await RunnerProcess.RunAsync("--output", _output.Path);
        Output = output + errors;
        if (File.Exists(_output.File("series.json")))
        {
            Series = JsonNode.Parse(await File.ReadAllTextAsync(_output.File("series.json")))!.AsObject();
        }
    }

    public string Page(string notebook) => File.ReadAllText(_output.File(Path.ChangeExtension(notebook, ".html")));

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        return ValueTask.CompletedTask;
    }
}
