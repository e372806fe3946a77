using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Shipped;

/// <summary>One run of all chapters on the shipped sample, and then one of all solutions, for all tests that look at them.</summary>
public sealed class SeriesRun : IAsyncLifetime
{
    private readonly TemporaryFolder _output = new();

    public int ExitCode { get; private set; }

    public int SolutionsExitCode { get; private set; }

    /// <summary>What both runs wrote to the terminal.</summary>
    public string Output { get; private set; } = "";

    public JsonObject Series { get; private set; } = [];

    public JsonObject SolutionsSeries { get; private set; } = [];

    /// <summary>The files of the chapters with the SHA-256 of their contents, before the solutions ran.</summary>
    public IReadOnlyDictionary<string, string> ChapterFiles { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        ExitCode = await RunAsync("--output", _output.Path);
        Series = Report("series.json");
        ChapterFiles = HashFiles();
        SolutionsExitCode = await RunAsync("solutions", "--output", _output.Path);
        SolutionsSeries = Report("solutions/series.json");
    }

    public string Page(string notebook) => File.ReadAllText(_output.File(Path.ChangeExtension(notebook, ".html")));

    public Dictionary<string, string> HashFiles() => Directory.EnumerateFiles(_output.Path)
        .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    public ValueTask DisposeAsync()
    {
        _output.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunnerProcess.RunAsync(arguments);
        Output += output + errors;
        return exitCode;
    }

    private JsonObject Report(string name) =>
        File.Exists(_output.File(name)) ? JsonNode.Parse(File.ReadAllText(_output.File(name)))!.AsObject() : [];
}
