using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using NotebookRunner.Hosting;

namespace NotebookRunner.Execution;

/// <summary>
/// A process with the kernel of one notebook, seen from the runner. A cell that ends or crashes its process ends no more than
/// this one; memory, threads and native libraries go with it.
/// </summary>
internal sealed class KernelProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // What cells write through .NET comes as events. What native code writes to the process's own streams must not land in the report.
    private readonly AnonymousPipeServerStream _cellPipe = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream _eventPipe = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly StreamWriter _cells;
    private readonly StreamReader _events;
    private readonly Process _process;
    private readonly StreamTail _errors;
    private readonly Task _exited;

    /// <param name="folder">The process's current folder.</param>
    /// <param name="environment">Variables it has beyond those of this process.</param>
    public KernelProcess(string folder, IReadOnlyDictionary<string, string> environment)
    {
        _cells = new StreamWriter(_cellPipe) { AutoFlush = true };
        _events = new StreamReader(_eventPipe);
        var start = new ProcessStartInfo(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"),
            [typeof(KernelProcess).Assembly.Location, KernelHost.Command, _cellPipe.GetClientHandleAsString(), _eventPipe.GetClientHandleAsString()])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _cellPipe.DisposeLocalCopyOfClientHandle();
        _eventPipe.DisposeLocalCopyOfClientHandle();
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _errors = new StreamTail(_process.StandardError);
        _exited = _process.WaitForExitAsync();
    }

    /// <summary>Lets it run a cell, after those before it.</summary>
    public void Send(string cell)
    {
        try
        {
            _cells.WriteLine(JsonSerializer.Serialize(cell));
        }
        catch (IOException)
        {
            // It is gone: the next event says so.
        }
    }

    /// <summary>The next event; null where the process ended.</summary>
    public async Task<CellEvent?> ReadAsync(CancellationToken cancellation)
    {
        var line = _events.ReadLineAsync(CancellationToken.None).AsTask();
        await Task.WhenAny(line, _exited).WaitAsync(cancellation);
        if (!line.IsCompleted)
        {
            // A process that a cell has started may hold the pipe open beyond the end of this one.
            await Task.WhenAny(line, Task.Delay(Patience, cancellation));
        }

        try
        {
            return line is { IsCompletedSuccessfully: true, Result: { } json } ? JsonSerializer.Deserialize<CellEvent>(json, CellEvent.Json) : null;
        }
        catch (JsonException)
        {
            return null; // It ended in the middle of a line.
        }
    }

    /// <summary>How it ended.</summary>
    public async Task<CellFailure> EndAsync()
    {
        await Task.WhenAny(_exited, Task.Delay(Patience));
        Kill();
        return CellFailure.ProcessEnded(_process.ExitCode, await _errors.LinesAsync(Patience));
    }

    /// <summary>Ends it with all that it has started.</summary>
    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _cellPipe.Dispose();
        _eventPipe.Dispose();
    }

    private void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(Patience);
        }
    }
}
