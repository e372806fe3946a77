using System.Buffers.Binary;

namespace Autoencoders.Compression;

/// <summary>The index of a <c>.cae</c> file: the length of each group's codeword, as <see cref="CompressedImages"/> describes it.</summary>
/// <remarks>R. F. Rice, "Some practical universal noiseless coding techniques", JPL 1979.</remarks>
internal static class GroupIndex
{
    private const int HeaderLength = 5, MostFixedBits = 31;

    /// <summary>Writes the lengths, with as many fixed bits for each as makes the index shortest.</summary>
    /// <param name="lengths">In bits, each at most 2^32 - 1.</param>
    public static byte[] ToBytes(long[] lengths)
    {
        var middle = lengths.Length == 0 ? 0 : lengths.Order().ElementAt(lengths.Length / 2);
        ulong[] numbers = [.. lengths.Select(length => Number(length - middle))];
        long Bits(int fixedBits) => numbers.Sum(number => (long)(number >> fixedBits) + 1 + fixedBits);
        var best = Enumerable.Range(0, MostFixedBits + 1).MinBy(Bits);
        var writer = new BitWriter(Bits(best));
        foreach (var number in numbers)
        {
            for (var ones = number >> best; ones > 0; ones--)
            {
                writer.Append(1, 1);
            }

            writer.Append(0, 1);
            writer.Append(number, best);
        }

        var bytes = new byte[HeaderLength + writer.Bytes.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, checked((uint)middle));
        bytes[HeaderLength - 1] = (byte)best;
        writer.Bytes.CopyTo(bytes, HeaderLength);
        return bytes;
    }

    /// <summary>Reads the lengths of groups, and leaves what is behind the index.</summary>
    /// <param name="rest">The file from the index on.</param>
    /// <param name="groups">How many there are.</param>
    /// <returns>The bit where each group begins, and where the last one ends.</returns>
    /// <exception cref="CaeFormatException">The index is none, or speaks of more than there is.</exception>
    public static long[] ReadStarts(ref ReadOnlySpan<byte> rest, int groups)
    {
        if (rest.Length < HeaderLength || rest[HeaderLength - 1] > MostFixedBits)
        {
            throw Damaged();
        }

        var (middle, fixedBits) = (BinaryPrimitives.ReadUInt32LittleEndian(rest), (int)rest[HeaderLength - 1]);
        var index = rest[HeaderLength..];
        var (position, last, starts) = (0L, 8L * index.Length, new long[groups + 1]);
        for (var group = 0; group < groups; group++)
        {
            var ones = 0L;
            while (position < last && BitReader.Read(index, position++, 1) == 1)
            {
                ones++;
            }

            if (position + fixedBits > last || ones > uint.MaxValue >> fixedBits << 1)
            {
                throw Damaged();
            }

            var number = (ones << fixedBits) | BitReader.Read(index, position, fixedBits);
            position += fixedBits;
            var length = middle + (number % 2 == 0 ? number / 2 : -(number + 1) / 2);
            starts[group + 1] = starts[group] + (length >= 1 && length <= last ? length : throw Damaged());
        }

        rest = index[(int)((position + 7) / 8)..];
        return starts;
    }

    private static ulong Number(long distance) => (ulong)(distance < 0 ? -2 * distance - 1 : 2 * distance);

    private static CaeFormatException Damaged() => new("The file's index speaks of groups that are not there.");
}
