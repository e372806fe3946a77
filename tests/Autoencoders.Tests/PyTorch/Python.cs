using System.Diagnostics;

namespace Autoencoders.Tests.PyTorch;

/// <summary>A Python that has PyTorch, which runs the files in <c>docs</c>.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Interpreter = new(Find);

    /// <summary>The folder with the project's Python files, which every run has on its path.</summary>
    public static string Docs => Path.Combine(ProjectFolder.Root, "docs");

    /// <summary>Runs Python in a folder to its end; without PyTorch, the calling test is skipped.</summary>
    /// <returns>What it wrote to standard output; it must not fail.</returns>
    public static string Run(string folder, params string[] arguments)
    {
        var (exitCode, output, errors) = TryRun(folder, arguments);
        Assert.True(exitCode == 0, $"Python ended with {exitCode}:\n{output}\n{errors}");
        return output;
    }

    /// <summary>Like <see cref="Run"/>, for runs that may fail.</summary>
    public static (int ExitCode, string Output, string Errors) TryRun(string folder, params string[] arguments)
    {
        Assert.SkipWhen(Interpreter.Value is null, "No Python on the PATH can import torch and numpy (Debian: python3-torch).");
        return Start(Interpreter.Value!, folder, arguments);
    }

    // The first Python on the PATH may be one without PyTorch, in front of the system's that has it.
    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "python.exe" : "python3";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(python => File.Exists(python) && Start(python, Path.GetTempPath(), "-c", "import torch, numpy").ExitCode == 0);
    }

    private static (int ExitCode, string Output, string Errors) Start(string python, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONPATH"] = Docs;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }
}
