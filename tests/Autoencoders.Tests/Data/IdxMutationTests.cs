using System.Buffers.Binary;
using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

public class IdxMutationTests
{
    private const int Mutants = 10_000;
    private const long FixedCost = 200_000; // buffers of the decompressor, the exception and its stack trace

    [Fact]
    public void Mutated_files_raise_nothing_but_the_own_exception_in_bounded_memory()
    {
        var random = new Random(20);
        int read = 0, refused = 0;
        for (var i = 0; i < Mutants; i++)
        {
            var isGzip = i % 2 == 1;
            var file = isGzip ? GzipMutant(random) : Mutate(Original(random), random);
            var content = file is [0x1f, 0x8b, ..] ? Compression.ReadableLength(file) : file.Length;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var array = IdxFile.Read(new MemoryStream(file), "mutant");
                Assert.Equal(array.Values.Length, array.Dimensions.Aggregate(1, (product, size) => product * size));
                read++;
            }
            catch (IdxFormatException e)
            {
                Assert.StartsWith("mutant ", e.Message);
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FixedCost + 4 * content);
        }

        // Flipped pixels are no error; everything else is.
        Assert.InRange(read, Mutants / 20, Mutants / 2);
        Assert.Equal(Mutants, read + refused);
    }

    private static byte[] Original(Random random)
    {
        var file = new byte[16 + 3 * 28 * 28];
        byte[] header = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 28, 0, 0, 0, 28];
        header.CopyTo(file, 0);
        random.NextBytes(file.AsSpan(16 + random.Next(2 * 28 * 28)));
        return file;
    }

    /// <summary>Damaged before it is compressed, or after.</summary>
    private static byte[] GzipMutant(Random random) => random.Next(2) == 0
        ? Compression.Gzip(Mutate(Original(random), random))
        : Mutate(Compression.Gzip(Original(random)), random);

    private static byte[] Mutate(byte[] file, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            file = random.Next(5) switch
            {
                0 => file[..random.Next(file.Length)],
                1 => [.. file, .. new byte[random.Next(1, 40)]],
                2 => Inserted(file, random),
                3 => WithOtherHeader(file, random),
                _ => WithFlippedBit(file, random),
            };
        }

        return file;
    }

    private static byte[] Inserted(byte[] file, Random random)
    {
        var position = random.Next(file.Length + 1);
        return [.. file[..position], (byte)random.Next(256), .. file[position..]];
    }

    private static byte[] WithOtherHeader(byte[] file, Random random)
    {
        var changed = (byte[])file.Clone();
        var position = random.Next(4) * 4;
        if (changed.Length >= position + 4)
        {
            int[] values = [0, 1, 27, 29, 60_000, int.MaxValue, int.MinValue, -1, 0x0801, 0x0803, 0x0803, 0x08ff, 0x0d03];
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(position), values[random.Next(values.Length)]);
        }

        return changed;
    }

    private static byte[] WithFlippedBit(byte[] file, Random random)
    {
        var changed = (byte[])file.Clone();
        if (changed.Length > 0)
        {
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        }

        return changed;
    }
}
