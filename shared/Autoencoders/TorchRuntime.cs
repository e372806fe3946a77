using System.Runtime.InteropServices;
using TorchSharp;

namespace Autoencoders;

/// <summary>Loads libtorch once for the process, with the memory settings that training wants.</summary>
public static class TorchRuntime
{
    /// <summary>The environment variable that, set to 0, leaves the memory settings of the process as they are.</summary>
    public const string MemoryVariable = "AUTOENCODERS_KEEP_MEMORY";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>
    /// Loads libtorch. Everything in this library that needs it calls this by itself; a second call does nothing.
    /// </summary>
    /// <remarks>
    /// A <c>nn.Module</c> that is the very first thing a process asks of TorchSharp throws
    /// <see cref="DllNotFoundException"/>, because only functions of <c>torch</c> load the native library.
    /// </remarks>
    /// <exception cref="NotSupportedException">The native library is missing or does not load on this system.</exception>
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

    private static bool Load()
    {
        KeepsMemory = Environment.GetEnvironmentVariable(MemoryVariable) != "0" && GlibcMemory.KeepLargeBlocks();
        try
        {
            return torch.get_num_threads() > 0;
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new NotSupportedException(
                $"libtorch does not load on {RuntimeInformation.RuntimeIdentifier}: run `dotnet build` in the project's folder and restart the kernel; "
                + "needed are Linux x64 with glibc, Windows x64 or macOS arm64.", e);
        }
    }
}
