using System.Runtime.InteropServices;
using TorchSharp;

namespace Autoencoders;

/// <summary>Loads libtorch once for the process, with the settings of memory and threads that training wants.</summary>
public static class TorchRuntime
{
    /// <summary>The environment variable that says how many threads of its own libtorch uses for an operation: 1 where it is not set.</summary>
    public const string ThreadsVariable = "AUTOENCODERS_THREADS";

    /// <summary>The environment variable that says how many threads share what is large: one for each core where it is not set.</summary>
    public const string WorkersVariable = "AUTOENCODERS_WORKERS";

    /// <summary>The environment variable that, set to 0, leaves the memory settings of the process as they are.</summary>
    public const string MemoryVariable = "AUTOENCODERS_KEEP_MEMORY";

    private static readonly Lazy<bool> Loaded = new(Load);

    private static int _workers, _cores;

    /// <summary>
    /// Loads libtorch. Everything in this library that needs it calls this by itself; a second call does nothing.
    /// </summary>
    /// <remarks>
    /// A <c>nn.Module</c> that is the very first thing a process asks of TorchSharp throws
    /// <see cref="DllNotFoundException"/>, because only functions of <c>torch</c> load the native library.
    /// </remarks>
    /// <exception cref="NotSupportedException">The native library is missing or does not load on this system.</exception>
    /// <exception cref="ArgumentException">An environment variable makes no sense.</exception>
    public static void Initialize() => _ = Loaded.Value;

    /// <summary>The device to train on: CUDA, then Apple's MPS, then the CPU.</summary>
    public static torch.Device BestDevice
    {
        get
        {
            Initialize();
            return torch.cuda.is_available() ? torch.CUDA : torch.mps_is_available() ? torch.MPS : torch.CPU;
        }
    }

    /// <summary>
    /// Whether the memory that a training step frees stays with the process for the next step, which saves the time to clear pages:
    /// so it is on Linux with glibc, unless <see cref="MemoryVariable"/> says otherwise.
    /// </summary>
    public static bool KeepsMemory { get; private set; }

    /// <summary>
    /// How many threads share what is large: training, its evaluation, encoding. It is as many as libtorch would have used by itself, one for each
    /// core, where <see cref="WorkersVariable"/> does not say otherwise. It changes no result. Single operations, such as those of a cell, run on one thread: libtorch's own meet in every operation, and where another process
    /// takes a core, each of those meetings waits for it.
    /// </summary>
    public static int Workers
    {
        get
        {
            Initialize();
            return _workers;
        }

        internal set => _workers = value;
    }

    /// <summary>How many threads libtorch would use by itself. What is cut for several threads is cut for so many, whatever their number is.</summary>
    internal static int Cores
    {
        get
        {
            Initialize();
            return _cores;
        }

        set => _cores = value;
    }

    private static bool Load()
    {
        KeepsMemory = Environment.GetEnvironmentVariable(MemoryVariable) != "0" && GlibcMemory.KeepLargeBlocks();
        try
        {
            _cores = torch.get_num_threads();
            _workers = Threads(WorkersVariable, _cores);
            torch.set_num_threads(Threads(ThreadsVariable, 1));
            return true;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new NotSupportedException(
                $"libtorch does not load on {RuntimeInformation.RuntimeIdentifier}: run `dotnet build` in the project's folder and restart the kernel; "
                + "needed are Linux x64 with glibc, Windows x64 or macOS arm64.", e);
        }
    }

    private static int Threads(string variable, int otherwise)
    {
        var threads = Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(threads) ? otherwise
            : int.TryParse(threads, out var count) && count > 0 ? count
            : throw new ArgumentException($"{variable} is '{threads}': it must be a number of threads, 1 or more.");
    }
}
