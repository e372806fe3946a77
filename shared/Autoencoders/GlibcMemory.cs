using System.Runtime.InteropServices;

namespace Autoencoders;

/// <summary>Tells glibc to keep the large blocks that a training step frees, for the next step to take again.</summary>
/// <remarks>
/// By default glibc maps each tensor of more than a few megabytes afresh from the kernel and gives it back when it is
/// freed; clearing and faulting in those pages takes half the time of a training step.
/// </remarks>
internal static partial class GlibcMemory
{
    // Parameter numbers and the largest allowed mapping threshold: malloc.h and malloc/arena.c of glibc.
    private const int TrimThreshold = -1, TopPad = -2, MmapThreshold = -3, ArenaMax = -8;
    private const int LargestMmapThreshold = 32 << 20;

    /// <summary>Does nothing where the C library is not glibc.</summary>
    /// <returns>Whether the settings are in force.</returns>
    public static bool KeepLargeBlocks()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mallopt", out _))
        {
            return false;
        }

        // One arena: those of other threads are cut into pieces of 64 MB, too small to hold a batch's activations.
        return SetOption(ArenaMax, 1) + SetOption(MmapThreshold, LargestMmapThreshold)
            + SetOption(TrimThreshold, int.MaxValue) + SetOption(TopPad, 64 << 20) == 4;
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
