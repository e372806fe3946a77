namespace Autoencoders.Compression;

/// <summary>Reads numbers out of a bit string, first bit highest.</summary>
internal static class BitReader
{
    /// <summary>The number in <paramref name="count"/> bits from <paramref name="position"/> on: at most 32.</summary>
    public static uint Read(ReadOnlySpan<byte> bits, long position, int count)
    {
        uint value = 0;
        for (var i = position; i < position + count; i++)
        {
            value = (value << 1) | (uint)(bits[(int)(i >> 3)] >> (int)(7 - (i & 7)) & 1);
        }

        return value;
    }
}
