using System.Text;
using System.Text.Json;
using Autoencoders.Display;
using Autoencoders.Models;
using Jint;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Tests.Display.Live;

/// <summary>network.js against TorchSharp, layer by layer.</summary>
public sealed class NetworkScriptTests
{
    public NetworkScriptTests() => manual_seed(5);

    [Fact]
    public void Every_layer_gives_what_TorchSharp_gives() => AssertSame(
        Sequential(                                                              // (1, 12, 12)
            Conv2d(1, 4, kernel_size: 3, padding: 1), ReLU(),                    // (4, 12, 12)
            MaxPool2d(3, stride: 2),                                             // (4,  5,  5)
            Conv2d(4, 6, kernel_size: 4, stride: 2, padding: 1),                 // (6,  2,  2)
            Flatten(), Linear(24, 10), ReLU(), Linear(10, 24, hasBias: false),
            Unflatten(1, new long[] { 6, 2, 2 }),                                // (6,  2,  2)
            Upsample(scale_factor: [2, 2]),                                      // (6,  4,  4)
            ConvTranspose2d(6, 3, kernel_size: 4, stride: 2, padding: 1),        // (3,  8,  8)
            ConvTranspose2d(3, 2, kernel_size: 3, stride: 2, padding: 1, output_padding: 1),
            Conv2d(2, 1, kernel_size: 1, bias: false),                           // (1, 16, 16)
            Sigmoid()),
        randn(1, 1, 12, 12));

    [Theory]
    [InlineData(1, 5, 1, 0)]
    [InlineData(2, 5, 3, 2)]
    [InlineData(3, 2, 2, 0)]
    [InlineData(1, 4, 3, 1)]
    public void Convolutions_of_any_kernel_stride_and_padding(int channels, int kernel, int stride, int padding)
    {
        AssertSame(Sequential(Conv2d(channels, 2, kernel, stride, padding)), randn(1, channels, 9, 7));
        AssertSame(Sequential(ConvTranspose2d(channels, 2, kernel, stride, padding)), randn(1, channels, 9, 7));
    }

    [Fact]
    public void Images_need_not_be_square_to_be_pooled_and_doubled() =>
        AssertSame(Sequential(MaxPool2d(2), Upsample(scale_factor: [3, 3])), randn(1, 2, 7, 4));

    [Fact]
    public void A_dense_bottleneck_between_two_parts_of_an_autoencoder() =>
        AssertSame(new ConvAutoencoder(new() { Bottleneck = 2, TransposedConvolutions = true }), rand(1, 1, 28, 28));

    [Fact]
    public void Half_precision_is_read_as_it_was_written()
    {
        float[] numbers = [0, -0f, 1, -1, 0.1f, 65504, -65504, 6e-8f, 1e-5f, 3.14159f];
        var expected = Array.ConvertAll(numbers, number => (float)(Half)number);

        var text = Script().Evaluate($"JSON.stringify(Array.from(fromHalves('{LiveNetwork.Halves(tensor(numbers))}')))").AsString();

        Assert.Equal(expected, JsonSerializer.Deserialize<float[]>(text));
    }

    private static void AssertSame(Module<Tensor, Tensor> network, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        TrainedLike.Rounded(network);
        var exported = LiveNetwork.Export(network, input);

        var text = Script().Evaluate($$"""
            JSON.stringify(activations(unpack({{exported.ToJsonString()}}), { shape: {{JsonSerializer.Serialize(input.shape[1..])}}, data: Float32Array.from({{JsonSerializer.Serialize(input.data<float>().ToArray())}}) })
                .map(({ shape, data }) => ({ shape: Array.from(shape), data: Array.from(data) })))
            """).AsString();
        var actual = JsonSerializer.Deserialize<Activation[]>(text, JsonSerializerOptions.Web)!;

        var expected = Activations(network, input);
        Assert.Equal(expected.Count, actual.Length);
        foreach (var (theirs, ours) in expected.Zip(actual))
        {
            Assert.Equal(theirs.shape[1..], ours.Shape);
            Assert.Equal(0, (theirs.flatten() - tensor(ours.Data)).abs().max().item<float>(), 1e-4);
        }
    }

    private static List<Tensor> Activations(nn.Module network, Tensor input)
    {
        List<Tensor> all = [input];
        foreach (var layer in network.modules().Where(m => !m.children().Any()).Cast<Module<Tensor, Tensor>>())
        {
            all.Add(layer.call(all[^1].clone()));
        }

        return [.. all, all[^1].sigmoid()];
    }

    private static Engine Script()
    {
        using var reader = new StreamReader(typeof(LiveFigure).Assembly.GetManifestResourceStream("Autoencoders.Display.Live.network.js")!);
        return new Engine()
            .SetValue("atob", (string text) => Encoding.Latin1.GetString(Convert.FromBase64String(text)))
            .Execute(reader.ReadToEnd());
    }

    private sealed record Activation(long[] Shape, float[] Data);
}
