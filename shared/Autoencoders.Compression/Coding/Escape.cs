using System.Numerics;

namespace Autoencoders.Compression;

/// <summary>Codes a number of any size that no table foresees.</summary>
/// <remarks>P. Elias, "Universal codeword sets and representations of the integers", 1975: the gamma code of the number plus one.</remarks>
internal static class Escape
{
    private const uint Half = RangeEncoder.Total / 2;
    private const int LargestLength = 34;

    /// <summary>Writes <paramref name="number"/>, from 0 up to 2^34.</summary>
    public static void Encode(RangeEncoder encoder, long number)
    {
        var length = BitOperations.Log2((ulong)number + 1);
        for (var i = 0; i < length; i++)
        {
            encoder.Encode(0, Half);
        }

        encoder.Encode(Half, Half);
        for (var bit = length - 1; bit >= 0; bit--)
        {
            encoder.Encode((((number + 1) >> bit) & 1) == 0 ? 0 : Half, Half);
        }
    }

    /// <summary>Reads a number; damaged data ends at 2^35 at the latest.</summary>
    public static long Decode(ref RangeDecoder decoder)
    {
        var length = 0;
        while (length < LargestLength && !Bit(ref decoder))
        {
            length++;
        }

        long value = 1;
        for (var i = 0; i < length; i++)
        {
            value = 2 * value + (Bit(ref decoder) ? 1 : 0);
        }

        return value - 1;
    }

    private static bool Bit(ref RangeDecoder decoder)
    {
        var bit = decoder.IsAtLeast(Half);
        decoder.Consume(bit ? Half : 0, Half);
        return bit;
    }
}
