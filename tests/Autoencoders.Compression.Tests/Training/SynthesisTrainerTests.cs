using Autoencoders.Metrics;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class SynthesisTrainerTests
{
    [Fact]
    public void A_narrower_network_draws_the_same_symbols_nearly_as_well_and_better_with_training()
    {
        using var scope = NewDisposeScope();
        var digits = TestCodec.Digits(640);
        using var codec = ImageCodec.Load(25);
        using var fitted = SynthesisTrainer.Fit(codec, 16, digits, epochs: 0);
        using var trained = SynthesisTrainer.Fit(codec, 16, digits, epochs: 3);
        double Psnr(ImageCodec c) => ImageMetrics.Psnr(digits.ToTensor(), c.Decode(c.Encode(digits)));

        var images = digits.ToTensor();
        Assert.Equal(codec.Symbols(images), trained.Symbols(images));
        Assert.Equal(16, trained.SynthesisWeights["conv2.bias"].shape[0]);
        Assert.InRange(Psnr(fitted), Psnr(codec) - 5, Psnr(codec) - 0.1);
        Assert.True(Psnr(trained) > Psnr(fitted) + 0.1);
        Assert.Contains("another training", Assert.Throws<CaeFormatException>(() => trained.Decode(codec.Encode(digits))).Message);
    }

    [Fact]
    public void Training_repeats_itself()
    {
        using var scope = NewDisposeScope();
        var digits = TestCodec.Digits(256);
        using var codec = TestCodec.Untrained();
        using var one = SynthesisTrainer.Fit(codec, 8, digits, epochs: 1);
        using var two = SynthesisTrainer.Fit(codec, 8, digits, epochs: 1);

        Assert.True(one.SynthesisWeights["out.weight"].allclose(two.SynthesisWeights["out.weight"], atol: 1e-3));
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_before_anything_is_done()
    {
        using var codec = TestCodec.Untrained();
        var digits = TestCodec.Digits(128);

        Assert.Throws<ArgumentOutOfRangeException>(() => SynthesisTrainer.Fit(codec, 9, digits, epochs: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SynthesisTrainer.Fit(codec, 0, digits, epochs: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SynthesisTrainer.Fit(codec, 8, digits.Take(127), epochs: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SynthesisTrainer.Fit(codec, 8, digits, epochs: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SynthesisTrainer.Fit(codec, 8, digits, epochs: 1, learningRate: 0));
        Assert.Throws<ArgumentException>(() => SynthesisTrainer.Fit(codec, 8, new([.. digits.Pixels, .. digits.Pixels], new byte[128], 28, 56), epochs: 1));
    }
}
