using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class IntegerSynthesisTests
{
    [Fact]
    public void Products_of_pairs_are_the_same_integers_however_they_are_computed()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 1000; trial++)
        {
            short[] a = [.. Enumerable.Range(0, 32).Select(_ => (short)random.Next(short.MinValue + 1, short.MaxValue + 1))];
            short[] b = [.. Enumerable.Range(0, 32).Select(_ => (short)random.Next(short.MinValue + 1, short.MaxValue + 1))];
            var expected = Vector512.Create([.. Enumerable.Range(0, 16).Select(i => a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1])]);

            Assert.Equal(expected, Int16Vectors.PairProducts(Vector512.Create(a), Vector512.Create(b)));
            Assert.Equal(expected, Int16Vectors.PairProductsPortable(Vector512.Create(a), Vector512.Create(b)));
        }
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(48, 32)]
    [InlineData(8, 20)]
    public void The_convolution_is_a_convolution(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var weights = randn(outputs, inputs, 3, 3, dtype: ScalarType.Float64);
        var activations = randint(0, 3000, [1, inputs, 7, 7], dtype: ScalarType.Float64);
        var convolution = new IntegerConvolution(weights.data<double>().ToArray(), inputs, [.. Enumerable.Repeat(3000, inputs)], 1);
        var rounded = (weights * (1 << convolution.WeightBits)).round();

        var sums = new int[49 * convolution.Outputs];
        sums.AsSpan().Fill(5);
        convolution.AddTo(Bordered(activations), sums);

        var expected = (nn.functional.conv2d(activations, rounded, padding: [1, 1]) + 5).permute(0, 2, 3, 1).to(ScalarType.Int32);
        var actual = from_array(sums).reshape(1, 7, 7, -1).narrow(3, 0, outputs);
        Assert.True(convolution.WeightBits >= 8);
        Assert.True(expected.equal(actual).all().ToBoolean());
    }

    [Theory]
    [InlineData(14, 2, 8)]
    [InlineData(14, 4, 32)]
    [InlineData(28, 3, 48)]
    public void Integers_draw_what_the_network_draws(int grid, int levels, int width)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = new CompressiveAutoencoder(new() { Grid = grid, Levels = levels, SynthesisWidth = width, AnalysisWidth = 8, AnalysisDepth = 1 });
        model.named_parameters().Single(p => p.name == "synthesis.position").parameter.normal_();
        model.named_parameters().Single(p => p.name == "synthesis.out.weight").parameter.mul_(10);
        using var codec = ImageCodec.From(model, "test");
        var file = codec.Encode(TestCodec.Strange());

        var symbols = from_array(codec.DecodeSymbols(file)).to(ScalarType.Float32).reshape(-1, 1, grid, grid);
        var expected = model.Synthesise(symbols);

        Assert.InRange((codec.Decode(file) - expected).abs().max().ToDouble(), 0, 2.0 / 255);
        Assert.True(expected.std().ToDouble() > 0.1);
    }

    [Fact]
    public void Weights_that_could_overflow_a_sum_are_refused()
    {
        using var noGradients = no_grad();
        using var model = new CompressiveAutoencoder(new() { SynthesisWidth = 16 });
        model.named_parameters().Single(p => p.name == "synthesis.conv1.weight").parameter.fill_(30_000);

        Assert.Contains("overflow", Assert.Throws<ArgumentException>(() => ImageCodec.From(model, "test")).Message);
    }

    // Channels last, with a border of zeros.
    private static short[] Bordered(Tensor activations)
    {
        var channels = IntegerConvolution.Padded((int)activations.shape[1]);
        var padded = zeros(1, channels, 9, 9, dtype: ScalarType.Int16);
        padded[.., ..(int)activations.shape[1], 1..8, 1..8] = activations.to(ScalarType.Int16);
        return padded.permute(0, 2, 3, 1).contiguous().data<short>().ToArray();
    }
}
