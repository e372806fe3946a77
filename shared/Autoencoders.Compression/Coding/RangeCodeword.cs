namespace Autoencoders.Compression;

/// <summary>Where a codeword of the range coder ends: encoder and decoder both ask here.</summary>
internal static class RangeCodeword
{
    /// <summary>
    /// The fewest bits that, put behind the bits already fixed, name a whole subinterval of [<paramref name="low"/>,
    /// <paramref name="low"/> + <paramref name="range"/>): 1 or 2, since the range is at least 2^31.
    /// </summary>
    /// <param name="low">The lower end of the interval, in units of 2^-32 of the bits already fixed.</param>
    /// <param name="range">The width of the interval, at least 2^31.</param>
    /// <param name="roundingUp">What to add to <paramref name="low"/> to reach the subinterval.</param>
    public static int EndBits(uint low, uint range, out uint roundingUp)
    {
        const uint half = 1u << 31, quarter = 1u << 30;
        roundingUp = (half - low % half) % half;
        if ((ulong)roundingUp + half <= range)
        {
            return 1;
        }

        roundingUp = (quarter - low % quarter) % quarter;
        return 2;
    }
}
