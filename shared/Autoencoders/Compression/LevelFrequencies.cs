namespace Autoencoders.Compression;

/// <summary>
/// Turns, level by level, "how probable is this level if none below it came" into frequencies: none is zero, and they
/// add up to <see cref="RangeEncoder.Total"/> exactly, because the last level takes what is left.
/// </summary>
internal static class LevelFrequencies
{
    /// <summary>A level's share of what the levels below it left: at least 1, and at least 1 stays for each of the levels above it.</summary>
    /// <param name="rest">What is left of <see cref="RangeEncoder.Total"/>.</param>
    /// <param name="probability">In 1/65536.</param>
    /// <param name="above">How many levels are above this one.</param>
    public static uint Part(uint rest, ushort probability, int above) => Math.Clamp((rest * probability) >> 16, 1, rest - (uint)above);
}
