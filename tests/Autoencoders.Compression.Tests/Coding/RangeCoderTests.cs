
namespace Autoencoders.Compression.Tests;

public sealed class RangeCoderTests
{
    private static readonly long[][] Alphabets = [[1, 1], [1, 65000], [5, 0, 3, 100], [1, 2, 4, 8, 16, 32, 64, 128, 256, 512], [.. Enumerable.Repeat(1L, 300)]];

    [Fact]
    public void Codewords_side_by_side_decode_to_their_symbols()
    {
        foreach (var (table, random) in Alphabets.Select((counts, i) => (FrequencyTable.FromCounts(-2, counts), new Random(i))))
        {
            var words = Enumerable.Range(0, 200).Select(length => Draw(table, random, length % 40)).ToList();
            var encoder = new RangeEncoder();
            var ends = words.ConvertAll(word => Encode(encoder, table, word));

            var bytes = encoder.ToBytes();
            var decoder = new RangeDecoder(bytes);
            for (var i = 0; i < words.Count; i++)
            {
                Assert.Equal(words[i], Decode(ref decoder, table, words[i].Length));
                Assert.Equal(ends[i], decoder.EndCodeword());
            }

            Assert.Equal(encoder.BitCount, ends[^1]);
            Assert.Equal((encoder.BitCount + 7) / 8, bytes.Length);
        }
    }

    [Fact]
    public void A_codeword_decodes_whatever_bits_surround_it()
    {
        var table = FrequencyTable.FromCounts(0, [3, 200, 1, 17]);
        var random = new Random(5);
        for (var trial = 0; trial < 500; trial++)
        {
            var word = Draw(table, random, random.Next(60));
            var encoder = new RangeEncoder();
            encoder.Encode(0, RangeEncoder.Total / 2);
            encoder.EndCodeword();
            var start = encoder.BitCount;
            var end = Encode(encoder, table, word);
            var bytes = encoder.ToBytes().Concat(new byte[8]).ToArray();
            for (var bit = end; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] = (byte)((bytes[bit / 8] & ~(0x80 >> (int)(bit % 8))) | (random.Next(2) * 0x80 >> (int)(bit % 8)));
            }

            var decoder = new RangeDecoder(bytes, start);
            Assert.Equal(word, Decode(ref decoder, table, word.Length));
            Assert.Equal(end, decoder.EndCodeword());
        }
    }

    [Theory]
    [InlineData(new long[] { 25_000, 25_000, 25_000, 25_000 })]
    [InlineData(new long[] { 600_000, 30_000, 2_000, 100, 10 })]
    [InlineData(new long[] { 10_000, 90_000 })]
    public void A_file_is_within_half_a_percent_and_4_bytes_of_the_entropy(long[] counts)
    {
        var table = FrequencyTable.FromCounts(0, counts);
        var symbols = Draw(counts, new Random(7), 100_000);
        var frequencies = symbols.CountBy(s => s).ToDictionary();
        var entropyBytes = symbols.Sum(s => -Math.Log2((double)frequencies[s] / symbols.Length)) / 8;

        var encoder = new RangeEncoder();
        Encode(encoder, table, symbols);

        Assert.InRange(encoder.ToBytes().Length, entropyBytes * 0.999 - 1, entropyBytes * 1.005 + 4);
    }

    [Fact]
    public void A_codeword_is_less_than_two_bits_longer_than_its_information()
    {
        var table = FrequencyTable.FromCounts(0, [1000, 300, 20]);
        var random = new Random(11);
        for (var trial = 0; trial < 2000; trial++)
        {
            var word = Draw([1000, 300, 20], random, random.Next(100));
            var length = Encode(new RangeEncoder(), table, word);

            Assert.InRange(length, word.Sum(table.Bits) - 0.01, word.Sum(table.Bits) + 2.01);
        }
    }

    [Fact]
    public void A_carry_runs_back_through_any_number_of_ones()
    {
        // Nearly certain symbols at the upper end bring the interval close below 1; the last symbol decides whether it carries.
        var symbols = Enumerable.Repeat((65_535u, 1u), 3).Concat(Enumerable.Repeat((32_768u, 32_768u), 200)).Append((65_535u, 1u)).ToList();
        var encoder = new RangeEncoder();
        symbols.ForEach(symbol => encoder.Encode(symbol.Item1, symbol.Item2));
        encoder.EndCodeword();

        var decoder = new RangeDecoder(encoder.ToBytes());
        foreach (var (start, frequency) in symbols)
        {
            Assert.InRange(decoder.Target, start, start + frequency - 1);
            Assert.True(decoder.IsAtLeast(start));
            decoder.Consume(start, frequency);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65_536, 1)]
    [InlineData(65_000, 1_000)]
    [InlineData(uint.MaxValue, 1)]
    public void A_part_outside_the_interval_is_refused(uint start, uint frequency) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RangeEncoder().Encode(start, frequency));

    private static long Encode(RangeEncoder encoder, FrequencyTable table, int[] word)
    {
        Array.ForEach(word, symbol => table.Encode(encoder, symbol));
        encoder.EndCodeword();
        return encoder.BitCount;
    }

    private static int[] Decode(ref RangeDecoder decoder, FrequencyTable table, int length)
    {
        var word = new int[length];
        for (var i = 0; i < length; i++)
        {
            word[i] = table.Decode(ref decoder);
        }

        return word;
    }

    private static int[] Draw(FrequencyTable table, Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => table.First + random.Next(table.Count))];

    private static int[] Draw(long[] counts, Random random, int length)
    {
        var cumulated = counts.Select((_, i) => counts[..(i + 1)].Sum()).ToArray();
        return [.. Enumerable.Range(0, length).Select(_ => Pick(cumulated, random.NextInt64(cumulated[^1])))];
    }

    private static int Pick(long[] cumulated, long drawn) => Array.FindIndex(cumulated, limit => drawn < limit);
}
