using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using NotebookRunner.Execution;

namespace NotebookRunner.Hosting;

/// <summary>The process of a kernel: runs the cells that come in over one pipe, and tells over another what comes of them.</summary>
internal static class KernelHost
{
    /// <summary>The argument that makes this program such a process; the handles of the two pipes follow it.</summary>
    public const string Command = "--kernel";

    // prctl(2): the signal that a process gets when its parent dies.
    private const int SetParentDeathSignal = 1, Continue = 18;

    /// <param name="cells">The handle of the pipe with a cell a line, as a JSON string.</param>
    /// <param name="events">The handle of the pipe for a <see cref="CellEvent"/> a line.</param>
    /// <returns>Never: the process ends when the pipe with the cells does.</returns>
    public static async Task<int> RunAsync(string cells, string events)
    {
        // The terminal sends these to all its processes. It is for the runner to say when this one ends.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        using var toRun = new BlockingCollection<string>();
        new Thread(() => Receive(cells, toRun)) { IsBackground = true, Name = "cells" }.Start();

        var number = 0;
        using var sender = new CellEventSender(events);
        var kernel = new NotebookKernel(sender.Write);
        await kernel.RunAsync("1", number); // The compiler's first cell takes seconds, which are not those of the notebook's first.
        using var subscription = kernel.Root.KernelEvents.Subscribe(kernelEvent => sender.Send(kernelEvent, number));
        sender.Send(new CellEvent.Ended(null));
        foreach (var cell in toRun.GetConsumingEnumerable())
        {
            number++;
            sender.Begin();
            sender.Send(new CellEvent.Ended(await RunAsync(kernel, cell, number, sender)));
        }

        return 0;
    }

    private static async Task<CellFailure?> RunAsync(NotebookKernel kernel, string cell, int number, CellEventSender sender)
    {
        var failed = await kernel.RunAsync(cell, number);
        var errors = sender.TakeErrors();
        return failed is null ? null : new CellFailureFactory(cell, NotebookKernel.FileOf(number), kernel.LinesBefore).From(failed, errors);
    }

    // When the runner is gone, however it went, so is its end of the pipe. A cell that still runs, or a thread that one left
    // behind, would keep this process: it kills itself.
    private static void Receive(string handle, BlockingCollection<string> cells)
    {
        if (OperatingSystem.IsLinux())
        {
            // Process.Kill stops a tree before it kills it. Where the runner is killed in between, this process must go on to see it.
            // It lasts as long as this thread does.
            _ = ProcessControl(SetParentDeathSignal, Continue);
        }

        using var reader = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, handle));
        while (reader.ReadLine() is { } line)
        {
            cells.Add(JsonSerializer.Deserialize<string>(line)!);
        }

        Process.GetCurrentProcess().Kill();
    }

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int ProcessControl(int option, nint signal);
}
