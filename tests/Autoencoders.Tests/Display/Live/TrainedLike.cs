using Autoencoders.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Tests.Display.Live;

/// <summary>Networks of the sizes that chapters show live, and weights of half precision, as figures carry them.</summary>
internal static class TrainedLike
{
    /// <summary>Chapter 06's denoiser.</summary>
    public static Module<Tensor, Tensor> Denoiser() => Sequential(
        Conv2d(1, 24, kernel_size: 4, stride: 2, padding: 1), ReLU(),
        Conv2d(24, 32, kernel_size: 4, stride: 2, padding: 1), ReLU(),
        Conv2d(32, 32, kernel_size: 3, padding: 1), ReLU(),
        Conv2d(32, 32, kernel_size: 3, padding: 1), ReLU(),
        ConvTranspose2d(32, 24, kernel_size: 4, stride: 2, padding: 1), ReLU(),
        ConvTranspose2d(24, 1, kernel_size: 4, stride: 2, padding: 1));

    /// <summary>A decoder of two numbers.</summary>
    public static Module<Tensor, Tensor> Decoder() =>
        Sequential(Linear(2, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 784), Unflatten(1, new long[] { 1, 28, 28 }));

    /// <summary>The network of chapter 03 as it comes with the project.</summary>
    public static ConvAutoencoder Autoencoder()
    {
        var model = new ConvAutoencoder();
        Autoencoders.Weights.ModelWeights.Load(model, Path.Combine(ProjectFolder.Data, "models", "conv-autoencoder.safetensors"));
        return model;
    }

    /// <summary>Rounds all weights to half precision, so that nothing is left to differ but arithmetic.</summary>
    public static T Rounded<T>(T network)
        where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var weight in network.parameters())
        {
            weight.copy_(weight.to(float16));
        }

        return network;
    }

    /// <summary>Digits of the shipped sample.</summary>
    public static Tensor Digits(int count) => Autoencoders.Data.MnistDataset.Load().Test.Take(count).ToTensor();
}
