using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class QuantizerTests
{
    private const int Levels = 4;

    [Fact]
    public void Rounding_takes_the_nearest_level_and_passes_no_gradient()
    {
        using var scope = NewDisposeScope();
        var latents = Latents();
        var symbols = Quantizer.Apply(latents, Levels, QuantizerMode.Round);

        Assert.Equal([0, 0, 0, 1, 2, 3, 3], symbols.data<float>().ToArray());
        Assert.False(symbols.requires_grad);
    }

    [Fact]
    public void Straight_through_rounds_and_passes_the_gradient_as_it_is()
    {
        using var scope = NewDisposeScope();
        var latents = Latents();
        var symbols = Quantizer.Apply(latents, Levels, QuantizerMode.StraightThrough);
        symbols.sum().backward();

        Assert.True(symbols.allclose(Quantizer.Apply(latents, Levels, QuantizerMode.Round)));
        Assert.True(latents.grad!.allclose(ones(7)));
    }

    [Fact]
    public void Noise_is_spread_evenly_over_one_level()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var latents = full([100_000], 1.3f).requires_grad_();
        var noise = Quantizer.Apply(latents, Levels, QuantizerMode.Noise) - 1.3f;

        Assert.InRange(noise.min().ToDouble(), -0.5001, -0.499);
        Assert.InRange(noise.max().ToDouble(), 0.499, 0.5001);
        Assert.Equal(1 / 12.0, noise.var().ToDouble(), tolerance: 0.001);
    }

    [Theory]
    [InlineData(1.0, 1.3, 1.3, 1)]
    [InlineData(0.5, 1.4, 1.3, 2)]
    [InlineData(0.5, 1.1, 1.0, 0)]
    [InlineData(1.0, -0.4, 0.0, 0)]
    [InlineData(1.0, 3.4, 3.0, 0)]
    public void Dither_draws_levels_whose_mean_has_the_slope_of_its_gradient(double width, double latent, double mean, double slope)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var latents = full([200_000], (float)latent).requires_grad_();
        var symbols = Quantizer.Apply(latents, Levels, QuantizerMode.Dither, width);
        symbols.mean().backward();

        Assert.True(symbols.equal(symbols.round()).all().ToBoolean());
        Assert.Equal(mean, symbols.mean().ToDouble(), tolerance: 0.01);
        Assert.Equal(slope, latents.grad!.sum().ToDouble(), tolerance: 0.01);
    }

    [Fact]
    public void Impossible_settings_are_refused()
    {
        using var latents = zeros(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Apply(latents, 1, QuantizerMode.Round));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Apply(latents, 4, QuantizerMode.Dither, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Apply(latents, 4, QuantizerMode.Dither, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantizer.Apply(latents, 4, (QuantizerMode)99));
    }

    private static Tensor Latents() => tensor([-1.2f, 0, 0.4f, 0.6f, 2.1f, 2.9f, 7]).requires_grad_();
}
