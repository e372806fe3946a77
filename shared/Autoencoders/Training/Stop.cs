using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive;

namespace Autoencoders.Training;

/// <summary>
/// How a reader ends a cell that takes long, and keeps what it has done: in VS Code with the Stop button, in any notebook by making the
/// file <see cref="FilePath"/>. (Jupyter's Interrupt ends the kernel, and all its variables with it.)
/// </summary>
public static class Stop
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(0.1);
    private static readonly ConditionalWeakTable<KernelInvocationContext, Cell> Cells = [];

    /// <summary>The file that stops the running cell: an empty one will do. It is gone when the cell has seen it.</summary>
    public static string FilePath => Path.Combine(ProjectFolder.Artifacts, "stop");

    /// <summary>
    /// Whether the running cell was asked to stop: then end the loop. Once true it stays so until the cell ends; the next cell begins anew.
    /// Never true outside of a cell. Cheap enough to be asked before every batch.
    /// </summary>
    public static bool Requested => KernelInvocationContext.Current is { } cell && Cells.GetValue(cell, context => new Cell(context)).IsStopped();

    /// <summary>What to tell a reader while training runs.</summary>
    internal static string HowTo => $"To stop and keep what was learned: in VS Code the Stop button, in Jupyter make the file {ShortPath}.";

    /// <summary>Tells the reader in a line that training was stopped, and what is there of it.</summary>
    internal static void Report(int epoch, int epochs, int batch, int batches) => Console.WriteLine(
        $"Stopped in epoch {epoch} of {epochs}, after {batch} of its {batches} batches: what was learned until then is kept.");

    private static string ShortPath => FilePath.StartsWith(ProjectFolder.Root, StringComparison.Ordinal) ? Path.GetRelativePath(ProjectFolder.Root, FilePath).Replace('\\', '/') : FilePath;

    private sealed class Cell
    {
        private readonly CancellationToken _token;
        private readonly Lock _lock = new();
        private bool _stopped;
        private long _looked;

        public Cell(KernelInvocationContext context)
        {
            _token = TokenOf(context);
            // One that lies there from before was not meant for this cell.
            TakeFile();
        }

        public bool IsStopped()
        {
            lock (_lock)
            {
                if (!_stopped && (_token.IsCancellationRequested || Environment.TickCount64 - _looked > LookEvery.TotalMilliseconds))
                {
                    _stopped = _token.IsCancellationRequested || TakeFile();
                    _looked = Environment.TickCount64;
                }

                return _stopped;
            }
        }

        // What a cell left running in the background may still ask, when the kernel is done with the cell.
        private static CancellationToken TokenOf(KernelInvocationContext context)
        {
            try
            {
                return context.CancellationToken;
            }
            catch (ObjectDisposedException)
            {
                return CancellationToken.None;
            }
        }

        private static bool TakeFile()
        {
            var isThere = false;
            try
            {
                isThere = File.Exists(FilePath);
                if (isThere)
                {
                    File.Delete(FilePath);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Where nothing can be written, nobody can make or remove it.
            }

            return isThere;
        }
    }
}
