namespace Autoencoders.Fuzz;

/// <summary>By how much the memory of the process grew at most since the last reset; always 0 where the system does not tell.</summary>
internal sealed class PeakMemory
{
    private const string Status = "/proc/self/status", Clear = "/proc/self/clear_refs";

    private readonly bool _isKnown = File.Exists(Status) && File.Exists(Clear);
    private long _start;

    public PeakMemory() => Reset();

    public long Grown => Peak() - _start;

    public void Reset()
    {
        if (_isKnown)
        {
            // 5 resets the peak to the present size: see proc(5).
            File.WriteAllText(Clear, "5");
        }

        _start = Peak();
    }

    private long Peak() => _isKnown
        ? 1024 * long.Parse(File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..^3], System.Globalization.CultureInfo.InvariantCulture)
        : 0;
}
