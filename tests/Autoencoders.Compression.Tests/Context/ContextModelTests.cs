using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class ContextModelTests
{
    [Theory]
    [InlineData(14, 2)]
    [InlineData(14, 4)]
    [InlineData(28, 3)]
    public void Symbols_survive_coding(int grid, int levels)
    {
        using var codec = TestCodec.Untrained(grid: grid, levels: levels);
        var random = new Random(1);
        var (encoder, state) = (new RangeEncoder(), codec.Context.CreateState());
        var images = Enumerable.Range(0, 20).Select(i => Symbols(random, codec.Context.Shape, ink: i / 19.0)).ToList();
        images.ForEach(symbols => codec.Context.Encode(symbols, encoder, state));
        encoder.EndCodeword();

        var decoder = new RangeDecoder(encoder.ToBytes());
        var decoded = new byte[grid * grid];
        foreach (var symbols in images)
        {
            codec.Context.Decode(ref decoder, decoded, state);
            Assert.Equal(symbols, decoded);
        }

        Assert.Equal(encoder.BitCount, decoder.EndCodeword());
    }

    [Fact]
    public void Frequencies_are_never_zero_and_add_up_exactly_whatever_the_weights()
    {
        var random = new Random(2);
        var shape = new ContextShape(14, 5, 2, 3, 16, 8);
        for (var trial = 0; trial < 20; trial++)
        {
            var model = new ContextModel(RandomTables(shape, random, scale: 1 << trial % 10));
            Assert.All(model.Frequencies(Symbols(random, shape, ink: 0.5)), frequencies =>
            {
                Assert.Equal(shape.Levels, frequencies.Length);
                Assert.DoesNotContain(0u, frequencies);
                Assert.Equal(RangeEncoder.Total, frequencies.Aggregate((a, b) => a + b));
            });
        }
    }

    [Fact]
    public void A_symbol_is_predicted_from_those_before_it_alone()
    {
        using var codec = TestCodec.Untrained();
        var random = new Random(4);
        var symbols = Symbols(random, codec.Context.Shape, ink: 0.5);
        var frequencies = codec.Context.Frequencies(symbols);
        const int changed = 100;
        symbols[changed] = (byte)(3 - symbols[changed]);

        var others = codec.Context.Frequencies(symbols);

        Assert.Equal(frequencies.Take(changed + 1), others.Take(changed + 1));
        Assert.NotEqual(frequencies[changed + 1], others[changed + 1]);
    }

    [Theory]
    [InlineData(14, 2)]
    [InlineData(14, 4)]
    [InlineData(28, 3)]
    public void The_integers_predict_what_the_trained_network_predicts(int grid, int levels)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = new CompressiveAutoencoder(new() { Grid = grid, Levels = levels });
        var context = new ContextModel(model.ExportContext());
        var symbols = Symbols(new Random(6), context.Shape, ink: 0.4);

        var expected = model.LogProbabilities(tensor(symbols.Select(s => (float)s).ToArray()).reshape(1, 1, grid, grid)).exp().reshape(-1, levels);

        var frequencies = context.Frequencies(symbols);
        for (var cell = 0; cell < symbols.Length; cell++)
        {
            for (var level = 0; level < levels; level++)
            {
                Assert.Equal(expected[cell, level].ToSingle(), frequencies[cell][level] / (float)RangeEncoder.Total, tolerance: 0.02f);
            }
        }
    }

    [Fact]
    public void The_fast_layer_computes_the_sums_that_it_should()
    {
        var random = new Random(8);
        foreach (var (inputs, outputs) in ((int, int)[])[(2, 1), (16, 8), (32, 32), (48, 3), (6, 17), (64, 24)])
        {
            var (weights, bias) = RandomLayer(random, inputs, outputs);
            var layer = new IntegerLayer(weights, bias);
            short[][] activations = [.. Enumerable.Range(0, IntegerLayer.Together).Select(_ => Activations(random, inputs))];
            var together = new Vector512<short>[IntegerLayer.Together];

            layer.ApplyToFour([.. activations.SelectMany(a => a)], together);

            for (var i = 0; i < together.Length; i++)
            {
                var expected = new short[IntegerLayer.MostOutputs];
                for (var output = 0; output < outputs; output++)
                {
                    expected[output] = (short)Math.Clamp(Sum(weights, bias, activations[i], output), 0, IntegerLayer.LargestActivation);
                }

                Assert.Equal(Vector512.Create(expected), layer.Apply(activations[i]));
                Assert.Equal(Vector512.Create(expected), together[i]);
            }
        }
    }

    [Fact]
    public void Outputs_that_are_computed_one_by_one_are_the_sums_that_they_should_be()
    {
        var random = new Random(9);
        var (weights, bias) = RandomLayer(random, 24, 5);
        var (layer, activations) = (new IntegerOutputs(weights, bias), Activations(random, 24));
        short[] padded = [.. activations, .. new short[8]];

        Assert.All(Enumerable.Range(0, 5), output => Assert.Equal(Sum(weights, bias, activations, output), layer.Sum(Vector512.Create(padded), output)));
    }

    [Fact]
    public void Weights_that_could_overflow_a_sum_are_refused()
    {
        var shape = new ContextShape(14, 2, 1, 1, 16, 8);
        Assert.Throws<ArgumentException>(() => RandomTables(shape, new Random(1), scale: 1 << 14));
        Assert.Throws<ArgumentException>(() => new IntegerLayer([.. Enumerable.Repeat(short.MaxValue, 16)], [0]));
    }

    [Fact]
    public void Symbols_outside_the_levels_are_refused()
    {
        using var codec = TestCodec.Untrained();
        var symbols = new byte[196];
        symbols[5] = 4;

        Assert.Throws<ArgumentException>(() => codec.Context.Encode(symbols, new RangeEncoder(), codec.Context.CreateState()));
        Assert.Throws<ArgumentException>(() => codec.Context.Encode(new byte[195], new RangeEncoder(), codec.Context.CreateState()));
    }

    [Fact]
    public void The_logistic_table_is_the_logistic_function()
    {
        for (var x = -2000; x <= 2000; x++)
        {
            var expected = 65_536 / (1 + Math.Exp(-Math.Clamp(x, -12 * 128, 12 * 128) / 128.0));
            Assert.InRange(Logistic.Probability(x), Math.Max(1, expected - 1.01), Math.Min(65_535, Math.Max(1, expected + 1.01)));
        }
    }

    private static (short[] Weights, int[] Bias) RandomLayer(Random random, int inputs, int outputs) =>
    (
        [.. Enumerable.Range(0, inputs * outputs).Select(_ => (short)random.Next(-4000, 4000))],
        [.. Enumerable.Range(0, outputs).Select(_ => random.Next(-1_000_000, 1_000_000))]
    );

    private static short[] Activations(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(IntegerLayer.LargestActivation / 16))];

    private static int Sum(short[] weights, int[] bias, short[] activations, int output) =>
        (bias[output] + activations.Select((activation, input) => activation * weights[output * activations.Length + input]).Sum()) >> IntegerLayer.WeightBits;

    private static byte[] Symbols(Random random, ContextShape shape, double ink) =>
        [.. Enumerable.Range(0, shape.Cells).Select(_ => random.NextDouble() < ink ? (byte)random.Next(1, shape.Levels) : (byte)0)];

    private static ContextTables RandomTables(ContextShape shape, Random random, int scale)
    {
        short[] Shorts(int count) => [.. Enumerable.Range(0, count).Select(_ => (short)random.Next(-scale, scale + 1))];
        int[] Integers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-scale, scale + 1) * 1000)];
        return new ContextTables(
            shape,
            Shorts(shape.Cells * shape.Hidden),
            Shorts((shape.Levels - 1) * shape.WindowSize * shape.Hidden),
            Shorts(shape.Hidden * shape.Hidden2),
            Integers(shape.Hidden2),
            Shorts((shape.Levels - 1) * shape.Hidden2),
            Integers(shape.Levels - 1));
    }
}
