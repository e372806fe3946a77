using Autoencoders.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Models;

public sealed class NarrowConvolutionTests
{
    [Fact]
    public void It_draws_what_the_ordinary_convolution_draws()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Initialize();
        using var layer = nn.Conv2d(5, 1, kernel_size: 3, padding: 1);
        var images = ChannelsLast.Arrange(randn(3, 5, 6, 8));

        Assert.True(NarrowConvolution.Fits(layer));
        Assert.True(NarrowConvolution.Apply(images, layer).allclose(layer.call(images), 1e-5, 1e-6));
    }

    [Fact]
    public void Doubled_it_draws_what_upsampling_and_convolution_draw()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.Initialize();
        using var layer = nn.Conv2d(5, 1, kernel_size: 3, padding: 1, bias: false);
        using var upsample = nn.Upsample(scale_factor: [2, 2]);
        var images = randn(3, 5, 6, 8);

        Assert.True(NarrowConvolution.Doubles(upsample));
        Assert.True(NarrowConvolution.ApplyDoubled(images, layer).allclose(layer.call(upsample.call(images)), 1e-5, 1e-6));
    }

    [Fact]
    public void Other_layers_are_left_alone()
    {
        TorchRuntime.Initialize();

        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 2, kernel_size: 3, padding: 1)));
        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 1, kernel_size: 5, padding: 1)));
        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 1, kernel_size: 3)));
        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 1, kernel_size: 3, padding: 1, stride: 2)));
        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 1, kernel_size: 3, padding: Padding.Same)));
        Assert.False(NarrowConvolution.Fits(nn.Conv2d(5, 1, kernel_size: 3, padding: 1, padding_mode: PaddingModes.Reflect)));
        Assert.False(NarrowConvolution.Doubles(nn.Upsample(scale_factor: [3, 3])));
        Assert.False(NarrowConvolution.Doubles(nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Combining_layers_changes_neither_the_loss_nor_its_gradient(bool transposed)
    {
        using var scope = NewDisposeScope();
        using var plain = new ConvAutoencoder(new() { TransposedConvolutions = transposed, CombineLayers = false, InPlaceActivations = false, ChannelsLast = false });
        using var fast = new ConvAutoencoder(new() { TransposedConvolutions = transposed });
        var images = rand(4, 1, 28, 28);

        var (loss, gradient) = Measure(plain, images);
        var (fastLoss, fastGradient) = Measure(fast, images);

        Assert.Equal(loss, fastLoss, 1e-6);
        Assert.All(gradient.Zip(fastGradient), pair => Assert.True(pair.First.allclose(pair.Second, 1e-3, 1e-6)));
    }

    private static (double Loss, IList<Tensor> Gradient) Measure(nn.Module<Tensor, Tensor> model, Tensor images)
    {
        var loss = nn.functional.binary_cross_entropy_with_logits(model.call(images), images);
        return (loss.ToDouble(), autograd.grad([loss], [.. model.parameters()]));
    }
}
