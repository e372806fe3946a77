using Autoencoders.Data;

namespace Autoencoders.Compression.Tests;

public sealed class SymbolSearchTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(30)]
    public void Searched_symbols_cost_less_for_every_digit_and_any_decoder_reads_them(int quality)
    {
        using var codec = ImageCodec.Load(quality);
        var (digits, lambda) = (TestCodec.Digits(40), codec.SearchLambda!.Value);
        var file = codec.Encode(digits, lambda: lambda);
        var (plain, searched) = (Costs(codec, digits, codec.Symbols(digits, null), lambda), Costs(codec, digits, codec.DecodeSymbols(file), lambda));

        Assert.All(plain.Zip(searched), pair => Assert.True(pair.Second <= pair.First + 1e-6));
        Assert.True(searched.Sum() < 0.98 * plain.Sum(), $"{searched.Sum()} bits and errors instead of {plain.Sum()}");
        Assert.True(file.Length < codec.Encode(digits).Length);
    }

    [Fact]
    public void Tensors_and_sets_threads_and_batches_find_the_same()
    {
        using var codec = ImageCodec.Load(20);
        var digits = TestCodec.Digits(150);
        using var images = digits.ToTensor();
        var workers = TorchRuntime.Workers;
        try
        {
            TorchRuntime.Workers = 1;
            var one = codec.Encode(digits, lambda: 3);
            TorchRuntime.Workers = 2;
            Assert.Equal(one, codec.Encode(images, lambda: 3));
            Assert.Equal(codec.DecodeSymbols(one), codec.Symbols(images, lambda: 3));
        }
        finally
        {
            TorchRuntime.Workers = workers;
        }
    }

    [Fact]
    public void Images_unlike_any_digit_can_be_searched_too()
    {
        using var codec = ImageCodec.Load(25);
        var images = TestCodec.Strange();

        Assert.Equal(codec.Symbols(images, 20), codec.DecodeSymbols(codec.Encode(images, lambda: 20)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_lambda_that_is_no_positive_number_is_refused(double lambda)
    {
        using var codec = TestCodec.Untrained();

        Assert.Throws<ArgumentOutOfRangeException>("lambda", () => codec.Encode(TestCodec.Digits(1), lambda: lambda));
    }

    // By the frequencies that the coder uses and the pixels that the decoder draws.
    private static double[] Costs(ImageCodec codec, ImageSet images, byte[] symbols, double lambda)
    {
        var (cells, costs, drawn) = (codec.Context.Shape.Cells, new double[images.Count], codec.Draw(symbols));
        for (var i = 0; i < images.Count; i++)
        {
            var own = symbols.AsSpan(i * cells, cells).ToArray();
            var bits = codec.Context.Frequencies(own).Zip(own, (frequencies, symbol) => RangeEncoder.FrequencyBits - Math.Log2(frequencies[symbol])).Sum();
            var error = images.Image(i).ToArray().Zip(drawn.Skip(i * 784), (a, b) => (a - b) * (a - b)).Sum();
            costs[i] = bits + lambda * error / (255.0 * 255);
        }

        return costs;
    }
}
