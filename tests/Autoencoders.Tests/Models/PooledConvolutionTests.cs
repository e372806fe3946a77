using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Models;

public sealed class PooledConvolutionTests
{
    [Theory]
    [InlineData(1, 16, 2, 2)]
    [InlineData(3, 32, 28, 28)]
    [InlineData(2, 48, 6, 10)]
    public void It_draws_what_the_layers_draw_and_has_their_gradient(int count, int channels, int height, int width)
    {
        using var scope = NewDisposeScope();
        var layer = Layer(channels);
        var images = rand(count, 1, height, width);
        images.narrow(2, 0, 2).zero_();
        var meaning = randn(count, channels, height / 2, width / 2);

        Assert.True(PooledConvolution.Fits(layer, nn.MaxPool2d(2)));
        Assert.True(PooledConvolution.Fits(images, layer));
        var (drawn, weight, bias) = Gradient(layer, PooledConvolution.Apply(images, layer), meaning);
        var (expected, expectedWeight, expectedBias) = Gradient(layer, Layers(images, layer), meaning);

        Assert.True(drawn.allclose(expected, 1e-5, 1e-6));
        Assert.True(weight.allclose(expectedWeight, 1e-4, 1e-4), $"{(weight - expectedWeight).abs().max().ToSingle()}");
        Assert.True(bias.allclose(expectedBias, 1e-4, 1e-4));
    }

    [Fact]
    public void Among_equals_the_first_takes_the_gradient_and_at_zero_none_does()
    {
        using var scope = NewDisposeScope();
        var layer = Layer(16);
        using (no_grad())
        {
            layer.weight.zero_();
            layer.weight[TensorIndex.Colon, 0, 1, 1] = 1;
            layer.bias!.zero_();
            layer.bias[3] = -1;
        }

        // The four values that compete are equal, and what the gradient reaches through them differs: the neighbours on the left.
        var images = ones(1, 1, 2, 2);
        var meaning = ones(1, 16, 1, 1);
        var (drawn, weight, bias) = Gradient(layer, PooledConvolution.Apply(images, layer), meaning);
        var (expected, expectedWeight, expectedBias) = Gradient(layer, Layers(images, layer), meaning);

        Assert.Equal(expected.data<float>().ToArray(), drawn.data<float>().ToArray());
        Assert.Equal(expectedWeight.data<float>().ToArray(), weight.data<float>().ToArray());
        Assert.Equal(expectedBias.data<float>().ToArray(), bias.data<float>().ToArray());
        Assert.Equal(0, bias[3].ToSingle());
    }

    [Fact]
    public void What_is_no_number_stays_none()
    {
        using var scope = NewDisposeScope();
        var layer = Layer(16);
        var images = zeros(1, 1, 4, 4);
        images[0, 0, 3, 3] = float.NaN;

        var drawn = PooledConvolution.Apply(images, layer);

        Assert.True(drawn[0, 0, 1, 1].isnan().ToBoolean());
        Assert.False(drawn[0, 0, 0, 0].isnan().ToBoolean());
    }

    [Fact]
    public void Other_layers_and_other_images_are_left_alone()
    {
        using var scope = NewDisposeScope();
        var (layer, pool) = (Layer(16), nn.MaxPool2d(2));

        Assert.False(PooledConvolution.Fits(nn.Conv2d(2, 16, kernel_size: 3, padding: 1), pool));
        Assert.False(PooledConvolution.Fits(nn.Conv2d(1, 3, kernel_size: 3, padding: 1), pool));
        Assert.False(PooledConvolution.Fits(nn.Conv2d(1, 16, kernel_size: 3, padding: 1, bias: false), pool));
        Assert.False(PooledConvolution.Fits(nn.Conv2d(1, 16, kernel_size: 5, padding: 2), pool));
        Assert.False(PooledConvolution.Fits(layer, nn.MaxPool2d(3)));
        Assert.False(PooledConvolution.Fits(layer, nn.MaxPool2d(2, stride: 1)));
        Assert.False(PooledConvolution.Fits(layer, nn.MaxPool2d(2, padding: 1)));
        Assert.False(PooledConvolution.Fits(layer, nn.MaxPool2d(2, ceil_mode: true)));
        Assert.False(PooledConvolution.Fits(zeros(1, 1, 5, 4), layer));
        Assert.False(PooledConvolution.Fits(zeros(1, 1, 4, 4, float64), layer));
        Assert.False(PooledConvolution.Fits(zeros(1, 1, 4, 4, requires_grad: true), layer));
        Assert.False(PooledConvolution.Fits(zeros(1, 2, 4, 4), layer));
    }

    [Fact]
    public void A_thousand_steps_keep_no_tensor()
    {
        using var scope = NewDisposeScope();
        var layer = Layer(16);
        var images = rand(2, 1, 4, 4);
        long Step()
        {
            using var inner = NewDisposeScope();
            autograd.grad([PooledConvolution.Apply(images, layer).sum()], [layer.weight]);
            return Tensor.TotalCount;
        }

        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 1000; i++)
        {
            Step();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static Conv2d Layer(int channels)
    {
        TorchRuntime.Initialize();
        manual_seed(channels);
        return nn.Conv2d(1, channels, kernel_size: 3, padding: 1);
    }

    private static Tensor Layers(Tensor images, Conv2d layer) => nn.functional.max_pool2d(layer.call(images).relu(), 2);

    private static (Tensor Drawn, Tensor Weight, Tensor Bias) Gradient(Conv2d layer, Tensor drawn, Tensor meaning)
    {
        var gradient = autograd.grad([(drawn * meaning).sum()], [layer.weight, layer.bias!]);
        return (drawn, gradient[0], gradient[1]);
    }
}
