namespace Autoencoders.Compression.Tests;

public sealed class SymbolCostsTests
{
    [Theory]
    [InlineData(14, 2)]
    [InlineData(14, 4)]
    [InlineData(28, 3)]
    public void The_costs_are_those_of_the_frequencies_that_the_coder_uses_whatever_was_tried(int grid, int levels)
    {
        using var codec = TestCodec.Untrained(grid: grid, levels: levels);
        var (random, costs) = (new Random(5), new SymbolCosts(codec.Context));
        var symbols = new byte[grid * grid];
        foreach (var cell in Enumerable.Range(0, 60).Select(_ => random.Next(symbols.Length)))
        {
            symbols[cell] = (byte)random.Next(levels);
        }

        costs.Start(symbols);
        Assert.Equal(Bits(codec.Context, symbols), costs.Total, 1e-6);
        for (var round = 0; round < 200; round++)
        {
            var (cell, symbol) = (random.Next(symbols.Length), (byte)random.Next(levels));
            var before = costs.Total;
            costs.Try(cell, symbol);
            if (round % 3 == 0)
            {
                costs.TakeBack();
                Assert.Equal(before, costs.Total);
            }
            else
            {
                symbols[cell] = symbol;
            }

            Assert.Equal(symbols, costs.Symbols.ToArray());
        }

        Assert.Equal(Bits(codec.Context, symbols), costs.Total, 1e-6);
    }

    private static double Bits(ContextModel context, byte[] symbols) =>
        context.Frequencies(symbols).Zip(symbols, (frequencies, symbol) => RangeEncoder.FrequencyBits - Math.Log2(frequencies[symbol])).Sum();
}
