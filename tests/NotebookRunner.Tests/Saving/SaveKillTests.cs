using System.Diagnostics;
using System.Globalization;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Saving;

/// <summary>A runner that is killed while it saves leaves a whole notebook: ten times here, or as often as <c>AUTOENCODERS_KILLS</c> says.</summary>
public sealed class SaveKillTests : IDisposable
{
    private const string Variable = "AUTOENCODERS_KILLS";

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? "10", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_a_whole_notebook()
    {
        Directory.CreateDirectory(_folder.File("notebooks"));
        var file = NotebookFile.Write(_folder, "notebooks/a.ipynb", NotebookFile.Code("Guid.NewGuid().ToString()"), NotebookFile.Code("new string('x', 900_000)")).File;
        var clock = Stopwatch.StartNew();
        using (var whole = Start(file))
        {
            Assert.Equal(0, (await whole.EndAsync()).ExitCode);
        }

        var (duration, before, within, after) = (clock.Elapsed, 0, 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            var (old, there) = (File.ReadAllBytes(file), Temporaries());
            using (var runner = Start(file))
            {
                // Half of them at any moment, half of them when saving has begun.
                await (kill % 2 == 0 ? Task.Delay(duration * _random.NextDouble(), TestContext.Current.CancellationToken) : Task.Run(() => WaitForSaving(file, old.Length, there, runner), TestContext.Current.CancellationToken));
                runner.Kill();
                await runner.EndAsync();
            }

            var saved = File.ReadAllBytes(file);
            var isOld = saved.AsSpan().SequenceEqual(old);
            Assert.True(isOld || IsWholeRun(saved), $"Kill {kill + 1} left {saved.Length} bytes that are neither the old notebook nor a new one.");
            var wasWriting = Temporaries().Except(there).Any();
            (before, within, after) = (before + (isOld && !wasWriting ? 1 : 0), within + (wasWriting ? 1 : 0), after + (isOld ? 0 : 1));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills: {before} before anything was saved, {within} while a file was written, {after} after the notebook was; each left a whole notebook.");
        using (var last = Start(file))
        {
            Assert.Equal(0, (await last.EndAsync()).ExitCode);
        }

        Assert.Empty(Temporaries());
        Assert.True(IsWholeRun(File.ReadAllBytes(file)));
    }

    private static bool IsWholeRun(byte[] bytes)
    {
        try
        {
            var notebook = Notebook.Parse(bytes, "a.ipynb");
            return SourceHash.Recorded(notebook) == SourceHash.Of(notebook) && notebook.CodeCells[1].Outputs.Single().Text().Length == 900_000 && Guid.TryParse(notebook.CodeCells[0].Outputs.Single().Text(), out _);
        }
        catch (NotebookFormatException)
        {
            return false;
        }
    }

    // The executed copy is written first, then the page, then the notebook itself.
    private void WaitForSaving(string file, long length, List<string> there, RunnerProcess runner)
    {
        while (!runner.HasExited && new FileInfo(file).Length == length && Directory.GetFiles(_folder.File("notebooks"), "*.tmp").All(there.Contains))
        {
        }

        var wait = Stopwatch.StartNew();
        var until = TimeSpan.FromMilliseconds(5 * _random.NextDouble());
        while (wait.Elapsed < until)
        {
        }
    }

    private List<string> Temporaries() => [.. Directory.EnumerateFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories)];

    private RunnerProcess Start(string file) => new(file, "--output", _folder.File("out"), "--save");
}
