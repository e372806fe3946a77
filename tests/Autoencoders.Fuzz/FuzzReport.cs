using System.Globalization;

namespace Autoencoders.Fuzz;

/// <summary>What became of the inputs of one target.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Inputs">How many were tried.</param>
/// <param name="Read">How many were read.</param>
/// <param name="Seconds">What all took.</param>
/// <param name="Slowest">Seconds of the slowest input.</param>
/// <param name="Dearest">Bytes that the dearest input took beyond its own and its content's size.</param>
/// <param name="Faults">What should not have been: by which input, what, and the input.</param>
internal sealed record FuzzReport(string Target, int Inputs, int Read, double Seconds, double Slowest, long Dearest, IReadOnlyList<(string Input, string What, byte[] Bytes)> Faults)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target,-12} {Inputs,9:N0} inputs, {Read,8:N0} read, {Inputs - Read - Faults.Count,9:N0} refused, {Faults.Count} faults; {Seconds,6:F1} s, slowest {Slowest * 1000:F0} ms, dearest {Dearest / 1e6:F1} MB")
        + string.Concat(Faults.Take(20).Select(fault => $"\n  {fault.Input}: {fault.What}"));
}
