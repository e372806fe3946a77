using System.Diagnostics;
using NotebookRunner.Series;

namespace NotebookRunner.Tests.Support;

/// <summary>The runner as a user runs it: a process of its own.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _errors;

    public RunnerProcess(params string[] arguments)
        : this(arguments, path: null)
    {
    }

    private RunnerProcess(string[] arguments, string? path)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ProjectRoot).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("MNIST_DIR");
        start.Environment["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH");
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether a shell has this process, and all that it starts, ignore Ctrl-C (INT) or the end of its terminal (HUP); only Linux tells.</summary>
    public static bool IsIgnored(string signal)
    {
        const string Key = "SigIgn:", Status = "/proc/self/status";
        var bit = signal switch { "HUP" => 1L << 0, "INT" => 1L << 1, _ => 0 };
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToInt64(line[Key.Length..].Trim(), 16) & bit) != 0;
    }

    public bool HasExited => _process.HasExited;

    /// <param name="signal">Its name without SIG: what Ctrl-C sends is INT.</param>
    public void Signal(string signal) => Signal(signal, $"{_process.Id}");

    /// <param name="signal">Its name without SIG.</param>
    /// <param name="process">The number of any process.</param>
    public static void Signal(string signal, string process) => Process.Start("kill", ["-" + signal, process]).WaitForExit();

    /// <summary>Ends it at once, as SIGKILL does.</summary>
    public void Kill() => _process.Kill();

    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _output, await _errors);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = new RunnerProcess(arguments);
        return await process.EndAsync();
    }

    /// <summary>As where no browser is installed.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> WithoutBrowserAsync(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere browsers are found without the PATH.");
        using var process = new RunnerProcess(arguments, path: "");
        return await process.EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
