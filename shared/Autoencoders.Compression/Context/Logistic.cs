using System.Runtime.CompilerServices;

namespace Autoencoders.Compression;

/// <summary>The logistic function 1 / (1 + e^-x) in integers, from integers: the same table on every machine.</summary>
internal static class Logistic
{
    /// <summary>Units of x in a table step of 1.</summary>
    public const int Scale = 128;

    private const int Largest = 12 * Scale;
    private static readonly ushort[] Table = Build();

    /// <summary>The probability in 1/65536, from 1 to 65535.</summary>
    /// <param name="x">The logit in units of 1/<see cref="Scale"/>; beyond 12 it counts as 12.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Probability(int x) => Table[Math.Clamp(x, -Largest, Largest) + Largest];

    private static ushort[] Build()
    {
        var table = new ushort[2 * Largest + 1];
        const int bits = 60;
        // e^(-1/128) in units of 2^-60; its powers lose less than one unit each.
        const ulong step = 1143949398276903548;
        var power = 1ul << bits;
        for (var x = 0; x <= Largest; x++)
        {
            var above = (ulong)(((UInt128)1 << (bits + 16)) / ((1ul << bits) + power));
            table[Largest + x] = (ushort)Math.Clamp(above, 1, 65535);
            table[Largest - x] = (ushort)Math.Clamp(65536 - above, 1, 65535);
            power = (ulong)(((UInt128)power * step) >> bits);
        }

        return table;
    }
}
