using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class CompressiveAutoencoderTests
{
    [Theory]
    [InlineData(14, 2)]
    [InlineData(14, 4)]
    [InlineData(28, 3)]
    public void Shapes_and_ranges(int grid, int levels)
    {
        using var scope = NewDisposeScope();
        using var model = new CompressiveAutoencoder(TestCodec.Small with { Grid = grid, Levels = levels });
        var images = rand(3, 1, 28, 28);

        var symbols = Quantizer.Apply(model.Analyse(images), levels, QuantizerMode.Round);
        var logProbabilities = model.LogProbabilities(symbols);

        Assert.Equal([3, 1, grid, grid], symbols.shape);
        Assert.Equal([3, grid, grid, levels], logProbabilities.shape);
        Assert.True(logProbabilities.exp().sum(-1).allclose(ones(3, grid, grid)));
        Assert.Equal([3, 1, 28, 28], model.call(images).shape);
        Assert.True(model.call(images).allclose(model.Synthesise(symbols)));
        Assert.InRange(model.call(images).min().ToSingle(), 0, 1);
        Assert.InRange(model.call(images).max().ToSingle(), 0, 1);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(28)]
    public void Untrained_symbols_are_the_reduced_image_and_show_it(int grid)
    {
        using var scope = NewDisposeScope();
        using var model = new CompressiveAutoencoder(TestCodec.Small with { Grid = grid });
        var images = zeros(1, 1, 28, 28);
        images[0, 0, TensorIndex.Slice(8, 20), TensorIndex.Slice(4, 12)] = 1f;

        var symbols = Quantizer.Apply(model.Analyse(images), model.Options.Levels, QuantizerMode.Round);

        Assert.True((symbols / 3).equal(nn.functional.avg_pool2d(images, 28 / grid)).all().ToBoolean());
        Assert.InRange((model.Synthesise(symbols) - images).square().mean().ToDouble(), 0, 0.02);
    }

    [Fact]
    public void Measured_bits_are_what_a_file_takes()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        using var codec = ImageCodec.From(model, "test");
        var images = TestCodec.Digits(200).ToTensor();

        var bits = model.Measure(images, QuantizerMode.Round).Bits.ToDouble();
        var (encoder, state, symbols) = (new RangeEncoder(), codec.Context.CreateState(), codec.Symbols(images));
        for (var i = 0; i < 200; i++)
        {
            codec.Context.Encode(symbols.AsSpan(i * 196, 196), encoder, state);
        }

        Assert.InRange(encoder.BitCount / 200.0, bits * 0.99, bits * 1.01 + 0.1);
    }

    [Theory]
    [InlineData(QuantizerMode.Dither, true)]
    [InlineData(QuantizerMode.StraightThrough, true)]
    [InlineData(QuantizerMode.Round, false)]
    public void The_analysis_network_learns_only_where_quantising_has_a_gradient(QuantizerMode mode, bool learns)
    {
        using var scope = NewDisposeScope();
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        model.Measure(TestCodec.Digits(10).ToTensor(), mode).Cost(20).backward();

        foreach (var (name, parameter) in model.named_parameters())
        {
            var expected = learns || !name.StartsWith("analysis", StringComparison.Ordinal);
            Assert.Equal(expected, parameter.grad is { } gradient && gradient.abs().sum().ToDouble() > 0);
        }
    }

    [Fact]
    public void A_dearer_symbol_is_avoided()
    {
        using var scope = NewDisposeScope();
        using var model = new CompressiveAutoencoder(TestCodec.Small with { Levels = 2 });
        using (no_grad())
        {
            // A bias so high that background is certain and ink costs many bits.
            model.named_parameters().Single(p => p.name == "context.dense3.bias").parameter.fill_(8);
        }

        var bias = model.named_parameters().Single(p => p.name == "analysis.layers.out.bias").parameter;
        model.Measure(0.2 + 0.6 * rand(50, 1, 28, 28), QuantizerMode.Dither).Bits.backward();

        Assert.True(bias.grad!.min().ToDouble() > 1);
    }

    [Fact]
    public void Noise_is_no_way_to_train_a_context_model()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        Assert.Throws<ArgumentException>(() => model.Measure(zeros(1, 1, 28, 28), QuantizerMode.Noise));
    }

    [Fact]
    public void Impossible_measures_are_refused()
    {
        Assert.Contains("Grid", Assert.Throws<ArgumentException>(() => new CompressiveAutoencoder(TestCodec.Small with { Grid = 20 })).Message);
        Assert.Contains("Levels", Assert.Throws<ArgumentException>(() => new CompressiveAutoencoder(TestCodec.Small with { Levels = 1 })).Message);
        Assert.Contains("Hidden", Assert.Throws<ArgumentException>(() => new CompressiveAutoencoder(TestCodec.Small with { ContextHidden = 20 })).Message);
    }

    [Fact]
    public void Training_lowers_the_cost_and_lambda_trades_bytes_for_quality()
    {
        var digits = TestCodec.Digits(1500);
        var options = new CodecTrainingOptions { Epochs = 3, BatchSize = 50, LearningRate = 5e-3, AnalysisRate = 1 };

        using var low = new CompressiveAutoencoder(TestCodec.Small);
        using var high = new CompressiveAutoencoder(TestCodec.Small);
        var before = CodecTrainer.Evaluate(low, digits);
        var history = CodecTrainer.Fit(low, digits, digits, options with { Lambda = 3 });
        CodecTrainer.Fit(high, digits, digits, options with { Lambda = 60 });
        var (cheap, good) = (CodecTrainer.Evaluate(low, digits), CodecTrainer.Evaluate(high, digits));

        Assert.Equal(3, history.Epochs.Count);
        Assert.True(history.Epochs[2].ValidationLoss < history.Epochs[0].ValidationLoss);
        Assert.InRange(cheap.Bits + 3 * 784 * cheap.Mse, 0, 0.8 * (before.Bits + 3 * 784 * before.Mse));
        Assert.InRange(cheap.Bits, 0, 0.9 * good.Bits);
        Assert.InRange(good.Mse, 0, 0.9 * cheap.Mse);
    }

    [Fact]
    public void Training_repeats_itself()
    {
        var digits = TestCodec.Digits(200);
        double Cost()
        {
            using var model = new CompressiveAutoencoder(TestCodec.Small);
            return CodecTrainer.Fit(model, digits, digits, new() { Epochs = 1, BatchSize = 50 }).Epochs[0].ValidationLoss;
        }

        Assert.Equal(Cost(), Cost(), tolerance: 1e-3);
    }
}
