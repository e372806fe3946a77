namespace Autoencoders.Compression;

/// <summary>
/// Turns, level by level, "how probable is this level if none below it came" into frequencies: none is zero, and they
/// add up to <see cref="RangeEncoder.Total"/> exactly, because the last level takes what is left.
/// </summary>
internal static class LevelFrequencies
{
    /// <summary>Writes one symbol.</summary>
    /// <param name="encoder">Where to write.</param>
    /// <param name="probabilities">One for each level but the last, in 1/65536.</param>
    /// <param name="symbol">The level.</param>
    public static void Encode(RangeEncoder encoder, ReadOnlySpan<ushort> probabilities, int symbol)
    {
        var rest = RangeEncoder.Total;
        for (var level = 0; level < probabilities.Length; level++)
        {
            var part = Part(rest, probabilities, level);
            if (level == symbol)
            {
                encoder.Encode(RangeEncoder.Total - rest, part);
                return;
            }

            rest -= part;
        }

        encoder.Encode(RangeEncoder.Total - rest, rest);
    }

    /// <summary>Reads one symbol.</summary>
    public static int Decode(ref RangeDecoder decoder, ReadOnlySpan<ushort> probabilities)
    {
        var rest = RangeEncoder.Total;
        for (var level = 0; level < probabilities.Length; level++)
        {
            var part = Part(rest, probabilities, level);
            if (!decoder.IsAtLeast(RangeEncoder.Total - rest + part))
            {
                decoder.Consume(RangeEncoder.Total - rest, part);
                return level;
            }

            rest -= part;
        }

        decoder.Consume(RangeEncoder.Total - rest, rest);
        return probabilities.Length;
    }

    /// <summary>The frequencies of all levels.</summary>
    public static uint[] Of(ReadOnlySpan<ushort> probabilities)
    {
        var (frequencies, rest) = (new uint[probabilities.Length + 1], RangeEncoder.Total);
        for (var level = 0; level < probabilities.Length; level++)
        {
            frequencies[level] = Part(rest, probabilities, level);
            rest -= frequencies[level];
        }

        frequencies[^1] = rest;
        return frequencies;
    }

    // A level's share of what is left: at least 1, and at least 1 stays for each of the levels above it.
    private static uint Part(uint rest, ReadOnlySpan<ushort> probabilities, int level) =>
        Math.Clamp((rest * probabilities[level]) >> 16, 1, rest - (uint)(probabilities.Length - level));
}
