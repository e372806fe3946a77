using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// Threads that share pieces of work between them. On each of them libtorch computes with a single thread, so that
/// threads meet once for all pieces and not in every operation: where another process takes a core, the others go on.
/// </summary>
internal sealed class WorkerThreads : IDisposable
{
    private readonly int _torchThreads = get_num_threads();
    private readonly SemaphoreSlim _start = new(0), _finished = new(0);
    private readonly List<Thread> _helpers = [];
    private Action<int> _work = _ => { };
    private Exception? _failure;
    private int _pieces, _next;
    private volatile bool _disposed;

    /// <summary>Starts the threads; the calling thread is one of them.</summary>
    public WorkerThreads(int count)
    {
        set_num_threads(1);
        try
        {
            for (var i = 1; i < count; i++)
            {
                var helper = new Thread(Help) { IsBackground = true, Name = $"trainer {i}" };
                helper.Start();
                _helpers.Add(helper);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Does pieces 0 to <paramref name="pieces"/> - 1, in no certain order, and returns when all are done.</summary>
    public void ForEach(int pieces, Action<int> work)
    {
        (_work, _pieces, _next, _failure) = (work, pieces, -1, null);
        var helpers = Math.Clamp(pieces - 1, 0, _helpers.Count);
        Wake(helpers);
        DoPieces();
        for (var i = 0; i < helpers; i++)
        {
            _finished.Wait();
        }

        if (_failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        Wake(_helpers.Count);
        _helpers.ForEach(helper => helper.Join());
        set_num_threads(_torchThreads);
        _start.Dispose();
        _finished.Dispose();
    }

    private void Wake(int helpers)
    {
        if (helpers > 0)
        {
            _start.Release(helpers);
        }
    }

    private void Help()
    {
        set_num_threads(1);
        while (true)
        {
            _start.Wait();
            if (_disposed)
            {
                return;
            }

            DoPieces();
            _finished.Release();
        }
    }

    private void DoPieces()
    {
        try
        {
            for (var piece = Interlocked.Increment(ref _next); piece < _pieces; piece = Interlocked.Increment(ref _next))
            {
                _work(piece);
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
