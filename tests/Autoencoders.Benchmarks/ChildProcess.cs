using System.Diagnostics;

namespace Autoencoders.Benchmarks;

/// <summary>Programs that are measured in a process of their own.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static string Run(Dictionary<string, string> environment, string program, params string[] arguments)
    {
        using var process = Start(environment, program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' ended with code {process.ExitCode}.");
    }

    /// <summary>Starts a program; the caller ends it.</summary>
    public static Process Start(Dictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
