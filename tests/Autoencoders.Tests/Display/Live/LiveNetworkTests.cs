using Autoencoders.Display;
using Autoencoders.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Tests.Display.Live;

public sealed class LiveNetworkTests
{
    public static TheoryData<string> Unknown => [.. Layers.Keys];

    private static readonly Dictionary<string, Func<Module<Tensor, Tensor>>> Layers = new()
    {
        ["BatchNorm2d"] = () => BatchNorm2d(2),
        ["Conv2d"] = () => Conv2d(2, 2, kernel_size: 3, padding: 1, groups: 2),
        ["ConvTranspose2d"] = () => ConvTranspose2d(2, 2, kernel_size: 3, padding: 2, dilation: 2),
        ["MaxPool2d"] = () => MaxPool2d(3, padding: 1),
        ["Upsample"] = () => Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear),
        ["Flatten"] = () => Flatten(2),
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public void A_layer_that_the_script_has_not_is_refused_by_name(string layer)
    {
        using var network = Sequential(ReLU(), Layers[layer]());

        Assert.Contains($"a {layer} with these settings", Assert.Throws<ArgumentException>(() => LiveNetwork.Export(network, rand(1, 2, 8, 8))).Message);
    }

    [Fact]
    public void A_kernel_that_is_not_square_is_refused()
    {
        using var network = Conv2d(1, 1, kernel_size: (3, 5));

        Assert.Contains("square kernels", Assert.Throws<ArgumentException>(() => LiveNetwork.Export(network, rand(1, 1, 8, 8))).Message);
    }

    [Fact]
    public void A_network_that_does_more_than_call_its_layers_is_refused()
    {
        using var network = new Doubling();

        Assert.Contains("Doubling does more than call its layers", Assert.Throws<ArgumentException>(() => LiveNetwork.Export(network, rand(1, 4))).Message);
    }

    [Fact]
    public void A_weight_beyond_half_precision_is_refused()
    {
        using var network = Linear(1, 1);
        using (no_grad())
        {
            network.weight.fill_(1e6);
        }

        Assert.Contains("65,504", Assert.Throws<ArgumentException>(() => LiveNetwork.Export(network, rand(1, 1))).Message);
    }

    [Fact]
    public void The_export_is_a_copy_that_further_training_does_not_change()
    {
        using var network = Linear(3, 2);
        var before = LiveNetwork.Export(network, rand(1, 3)).ToJsonString();
        var exported = LiveNetwork.Export(network, rand(1, 3));
        using (no_grad())
        {
            network.weight.add_(1);
        }

        Assert.Equal(before, exported.ToJsonString());
    }

    private sealed class Doubling : Autoencoder
    {
#pragma warning disable IDE1006 // Layers are registered under the names of their fields.
        private readonly Sequential encoder = Sequential(Linear(4, 2)), decoder = Sequential(Linear(2, 4));
#pragma warning restore IDE1006

        public Doubling()
            : base(nameof(Doubling)) => RegisterComponents();

        public override Tensor Encode(Tensor images) => 2 * encoder.call(images);

        public override Tensor DecodeLogits(Tensor code) => decoder.call(code);
    }
}
