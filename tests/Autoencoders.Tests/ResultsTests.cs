using System.Diagnostics;
using System.Text.Json.Nodes;
using Autoencoders.Benchmarks;

namespace Autoencoders.Tests;

public sealed class ResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _artifacts = Environment.GetEnvironmentVariable(ProjectFolder.ArtifactsVariable);

    public ResultsTests() => Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _folder.Root);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _artifacts);
        _folder.Dispose();
    }

    [Fact]
    public void Numbers_are_added_and_replaced_and_what_else_is_there_stays()
    {
        File.WriteAllText(Results.FilePath, """{"note": [1], "metrics": {"a": 1, "b": 2}}""");

        Results.Record("b", 3.5, "mnist-sample");
        Results.Record("c", 4, "mnist-sample");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"note": [1], "metrics": {"a": 1, "b": 3.5, "c": 4}, "data": "mnist-sample"}"""), JsonNode.Parse(File.ReadAllText(Results.FilePath))));
    }

    [Fact]
    public void Two_processes_in_one_folder_lose_no_number()
    {
        const int each = 60;
        var processes = new[] { "first", "second" }.Select(name => Process.Start("dotnet", [typeof(Writers).Assembly.Location, Writers.ResultsCommand, name, $"{each}"])).ToList();
        foreach (var process in processes)
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Assert.Equal(2 * each, Results.Read(Results.FilePath)["metrics"]!.AsObject().Count);
    }

    [Fact]
    public void Threads_lose_no_number()
    {
        Parallel.For(0, 80, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Results.Record($"n{i}", i, "test"));

        Assert.Equal(80, Results.Read(Results.FilePath)["metrics"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<<<<<<< HEAD")]
    [InlineData("""{"metrics": [1]}""")]
    [InlineData("""{"metrics": {"a": "1"}}""")]
    [InlineData("""{"metrics": {"a": null}}""")]
    [InlineData("""{"metrics": {"a": 1e999}}""")]
    [InlineData("""{"metrics": {"a": 1, "a": 2}}""")]
    [InlineData("""{"metrics": {"\ud83d": 1}}""")]
    [InlineData("""{"data": 1}""")]
    public void What_is_no_file_of_results_is_refused_by_name_and_kept(string content)
    {
        File.WriteAllText(Results.FilePath, content);

        Assert.Contains(Results.FilePath, Assert.Throws<FormatException>(() => Results.Record("a", 1, "test")).Message);
        Assert.Equal(content, File.ReadAllText(Results.FilePath));
    }

    [Fact]
    public void A_file_too_long_to_be_of_results_is_not_read()
    {
        File.WriteAllText(Results.FilePath, new string(' ', 1 << 21));

        Assert.Throws<FormatException>(() => Results.Record("a", 1, "test"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_number_is_refused(double value)
    {
        Assert.Contains("psnr is", Assert.Throws<ArgumentOutOfRangeException>(() => Results.Record("psnr", value, "test")).Message);
        Assert.False(File.Exists(Results.FilePath));
    }
}
