using System.Diagnostics;
using NotebookRunner.Notebooks;
using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Shipped;

/// <summary>Chapters in Jupyter, with the kernel of the tool manifest, as the README installs it.</summary>
public sealed class JupyterTests
{
    private const int LargestBytes = 2_500_000;

    [Theory]
    [InlineData("01-load-mnist.ipynb")]
    [InlineData("03-train.ipynb")]
    public async Task A_chapter_runs_in_Jupyter_to_its_end(string chapter)
    {
        Assert.SkipUnless(IsThere("jupyter-nbconvert"), "Jupyter is not installed (Debian: jupyter-notebook jupyter-nbconvert jupyter-client).");
        using var folder = new TemporaryFolder();
        await RunAsync(folder, "dotnet", "tool", "restore");
        Directory.CreateDirectory(folder.File("kernels"));
        await RunAsync(folder, "dotnet", "interactive", "jupyter", "install", "--path", folder.File("kernels"));
        await RunAsync(folder, "jupyter-nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", "--output-dir", folder.Path, Path.Combine(Chapters.Folder, chapter));

        var executed = Notebook.Load(folder.File(chapter));
        var outputs = executed.CodeCells.SelectMany(cell => cell.Outputs).ToList();
        Assert.DoesNotContain(outputs, output => output["output_type"]!.GetValue<string>() == "error" || output["name"]?.GetValue<string>() == "stderr");
        Assert.Equal(Shapes(Chapters.Load(chapter)), Shapes(executed));
        Assert.InRange(new FileInfo(folder.File(chapter)).Length, 1, LargestBytes);
    }

    // How many results each cell shows: no kernel may show more or less than the committed notebook does, but for the script
    // with which this one greets Jupyter's page in the first cell.
    private static IEnumerable<int> Shapes(Notebook notebook) =>
        notebook.CodeCells.Skip(1).Select(cell => cell.Outputs.Count(output => output["data"] is not null));

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task RunAsync(TemporaryFolder folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = ProjectRoot.Find(), RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["JUPYTER_DATA_DIR"] = folder.Path;
        // The SDK remembers where a tool lies and believes it even after the packages have moved, so a restore says "restored" and
        // the tool is not found. A home of the test's own remembers nothing; the packages stay where they are.
        start.Environment["DOTNET_CLI_HOME"] = folder.Path;
        start.Environment["NUGET_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        start.Environment["AUTOENCODERS_ARTIFACTS"] = folder.File("artifacts");
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment.Remove("MNIST_DIR");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}:\n{await output}\n{await errors}");
    }
}
