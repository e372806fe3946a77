namespace Autoencoders.Compression;

/// <summary>The logistic distribution in integers, from integers: finer than <see cref="Logistic"/>, since here whole tables of frequencies come from it.</summary>
/// <remarks>The distribution function is a polygon through points 1/64 apart. That is no approximation: it is the distribution that both sides use.</remarks>
internal static class FineLogistic
{
    /// <summary>Numbers are in units of 2 to the minus this.</summary>
    public const int UnitBits = 10;

    /// <summary>Probabilities are in units of 2 to the minus this.</summary>
    public const int ProbabilityBits = 24;

    private const int StepBits = 4, StepsOfOne = 1 << (UnitBits - StepBits), Largest = 18 * StepsOfOne, ScaleBits = 16;
    private const int LowestScale = -4 * StepsOfOne, HighestScale = 7 * StepsOfOne;
    private static readonly uint[] Table = BuildTable();
    private static readonly long[] Scales = BuildScales();

    /// <summary>How probable it is that a number is at most <paramref name="x"/>: 0 to 2^24.</summary>
    public static uint Distribution(long x)
    {
        x = Math.Clamp(x, -(Largest << StepBits), (Largest << StepBits) - 1) + (Largest << StepBits);
        var (index, rest) = ((int)(x >> StepBits), (uint)x & ((1 << StepBits) - 1));
        return Table[index] + (((Table[index + 1] - Table[index]) * rest) >> StepBits);
    }

    /// <summary>What the distance from the middle is multiplied by, given the logarithm of the inverse of the width.</summary>
    /// <param name="logarithm">It counts as -4 below that, and as 7 above.</param>
    public static long Scale(int logarithm) => Scales[Math.Clamp(logarithm >> StepBits, LowestScale, HighestScale) - LowestScale];

    /// <summary>The distribution function of a logistic distribution with this middle and <see cref="Scale"/>.</summary>
    public static uint Distribution(int x, int middle, long scale) => Distribution(((long)x - middle) * scale >> ScaleBits);

    /// <summary>The number that a smaller one comes with a probability of <paramref name="probability"/>.</summary>
    /// <param name="probability">In units of 2^-24, between 0 and 2^24.</param>
    public static int Quantile(uint probability)
    {
        var (low, high) = (-(Largest << StepBits), Largest << StepBits);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            (low, high) = Distribution(middle) < probability ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static uint[] BuildTable()
    {
        // e^(-1/64) in units of 2^-60; its powers lose less than one unit each.
        const ulong step = 1135047113432355401;
        const int bits = 60;
        var (table, power) = (new uint[2 * Largest + 1], 1ul << bits);
        for (var x = 0; x <= Largest; x++)
        {
            var above = (uint)(((UInt128)1 << (bits + ProbabilityBits)) / ((1ul << bits) + power));
            (table[Largest + x], table[Largest - x]) = (above, (1u << ProbabilityBits) - above);
            power = (ulong)(((UInt128)power * step) >> bits);
        }

        return table;
    }

    private static long[] BuildScales()
    {
        // e^(1/64) and e^-4 in units of 2^-60 and 2^-40.
        const ulong step = 1171077376484718872;
        var (scales, power) = (new long[HighestScale - LowestScale + 1], (UInt128)20138257928ul);
        for (var i = 0; i < scales.Length; i++)
        {
            scales[i] = (long)(power >> (40 - ScaleBits));
            power = (power * step) >> 60;
        }

        return scales;
    }
}
