
namespace Autoencoders.Compression.Tests;

public sealed class FrequencyTableTests
{
    [Theory]
    [InlineData(new long[] { 0 })]
    [InlineData(new long[] { 0, 0, 0 })]
    [InlineData(new long[] { long.MaxValue, 0, long.MaxValue, 1 })]
    [InlineData(new long[] { 1, 2, 3 })]
    public void Frequencies_are_never_zero_and_add_up_exactly(long[] counts)
    {
        var frequencies = FrequencyTable.FromCounts(0, counts).Frequencies;

        Assert.Equal(counts.Length + 1, frequencies.Count);
        Assert.All(frequencies, frequency => Assert.NotEqual(0u, frequency));
        Assert.Equal(RangeEncoder.Total, frequencies.Aggregate((a, b) => a + b));
    }

    [Fact]
    public void Frequencies_follow_the_counts()
    {
        var frequencies = FrequencyTable.FromCounts(0, [1_000_000, 3_000_000, 0]).Frequencies;

        Assert.InRange(frequencies[0], 16_300u, 16_400u);
        Assert.InRange(frequencies[1], 49_100u, 49_200u);
        Assert.Equal(1u, frequencies[2]);
    }

    [Fact]
    public void Symbols_outside_the_alphabet_are_coded_too()
    {
        var table = FrequencyTable.FromCounts(-3, [5, 100, 1000, 90, 7]);
        int[] symbols = [-3, 1, -4, 2, 100, -100, int.MaxValue, int.MinValue, 0, 65_536];
        var encoder = new RangeEncoder();
        Array.ForEach(symbols, symbol => table.Encode(encoder, symbol));
        encoder.EndCodeword();

        var decoder = new RangeDecoder(encoder.ToBytes());
        foreach (var symbol in symbols)
        {
            Assert.Equal(symbol, table.Decode(ref decoder));
        }
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FrequencyTable.FromCounts(0, []));
        Assert.Throws<ArgumentException>(() => FrequencyTable.FromCounts(0, [1, -1]));
        Assert.Throws<ArgumentException>(() => FrequencyTable.FromCounts(0, new long[40_000]));
    }
}
