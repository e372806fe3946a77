using Autoencoders.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Tests.Models;

public sealed class LayerChainTests
{
    [Fact]
    public void Layers_of_a_readers_own_give_the_same_and_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var layers = Sequential(
            Conv2d(1, 16, kernel_size: 3, padding: 1), ReLU(), MaxPool2d(2), Conv2d(16, 8, kernel_size: 3, padding: 1), ReLU(), MaxPool2d(2), Flatten(),
            Linear(8 * 7 * 7, 16 * 7 * 7), ReLU(), Unflatten(1, [16, 7, 7]), Upsample(scale_factor: [2, 2]), Conv2d(16, 1, kernel_size: 3, padding: 1));
        var images = rand(6, 1, 28, 28);

        var (plain, plainGradients) = Gradients(layers, layers.call, images);
        var (chained, gradients) = Gradients(layers, new LayerChain(layers).Call, images);

        Assert.True(chained.allclose(plain, 1e-4, 1e-5));
        Assert.All(gradients.Zip(plainGradients), pair => Assert.True(pair.First.allclose(pair.Second, 1e-3, 1e-5)));
    }

    [Fact]
    public void Other_convolutions_and_images_are_computed_as_they_stand()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        foreach (var layers in (Sequential[])
            [
                Sequential(Conv2d(1, 4, kernel_size: 5, stride: 2), ReLU(), MaxPool2d(3)),
                Sequential(Conv2d(3, 4, kernel_size: 3, padding: 1), ReLU(), MaxPool2d(2)),
                Sequential(ReLU(), Conv2d(3, 1, kernel_size: 1)),
                Sequential(Dropout(0), Identity()),
                Sequential(),
            ])
        {
            var channels = layers.parameters().FirstOrDefault()?.shape[1] ?? 1;
            var images = rand(2, channels, 31, 27);
            Assert.True(new LayerChain(layers).Call(images).allclose(layers.call(images), 1e-4, 1e-5));
        }
    }

    private static (Tensor Output, IList<Tensor> Gradients) Gradients(Sequential layers, Func<Tensor, Tensor> call, Tensor images)
    {
        var output = call(images);
        return (output.detach(), autograd.grad([output.square().sum()], [.. layers.parameters()]));
    }
}
