using System.Text.Json.Nodes;
using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Autoencoders.Display;

/// <summary>A trained network as network.js reads it: a list of layers, and all weights in half precision in one text.</summary>
internal static class LiveNetwork
{
    /// <summary>The network with a sigmoid behind it, so that it gives pixels.</summary>
    /// <param name="network">A <see cref="Sequential"/>, a single layer, or an <see cref="Autoencoder"/> of two of them, that gives logits.</param>
    /// <param name="example">A batch of its input, on which the layers one by one must give what the network gives.</param>
    /// <exception cref="ArgumentException">The network has a layer that network.js has not, computes something between its layers, or has weights that half precision cannot hold.</exception>
    public static JsonObject Export(Layer network, Tensor example)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var leaves = Leaves(network).ToList();
        var (expected, actual) = (network.call(example), leaves.Aggregate(example, (x, layer) => layer.call(x)));
        if (!expected.shape.SequenceEqual(actual.shape) || !allclose(expected, actual, rtol: 1e-3, atol: 1e-3))
        {
            throw new ArgumentException($"{network.GetName()} does more than call its layers one after the other, which is all that a live figure can do.", nameof(network));
        }

        using var numbers = new MemoryStream();
        var layers = new JsonArray([.. leaves.Select(layer => Describe(layer, numbers)), new JsonObject { ["kind"] = "sigmoid" }]);
        return new JsonObject { ["layers"] = layers, ["numbers"] = Convert.ToBase64String(numbers.ToArray()) };
    }

    /// <summary>The layers of one part of an autoencoder.</summary>
    /// <param name="model">The autoencoder.</param>
    /// <param name="part"><c>encoder</c> or <c>decoder</c>.</param>
    /// <exception cref="ArgumentException">It has no such part.</exception>
    public static Layer Part(Autoencoder model, string part) =>
        model.named_children().FirstOrDefault(child => child.name == part).module as Layer
        ?? throw new ArgumentException($"{model.GetName()} has no layers called '{part}': a live figure needs a network of an encoder and a decoder.", nameof(model));

    /// <summary>How many layers a network has in all.</summary>
    public static int Depth(Layer network) => Leaves(network).Count();

    /// <summary>Numbers as text: half precision, base64.</summary>
    /// <exception cref="ArgumentException">A number is too large for half precision, or not finite.</exception>
    public static string Halves(Tensor tensor) => Convert.ToBase64String(HalfBytes(tensor));

    private static IEnumerable<Layer> Leaves(nn.Module module) => module switch
    {
        Sequential layers => layers.children().SelectMany(Leaves),
        Autoencoder model => [.. Leaves(Part(model, "encoder")), .. Leaves(Part(model, "decoder"))],
        Layer layer => [layer],
        _ => throw Unknown(module),
    };

    private static JsonObject Describe(Layer layer, MemoryStream numbers) => layer switch
    {
        Conv2d { dilation: [1, 1], groups: 1, padding_mode: PaddingModes.Zeros, padding_type: null } c => Convolution("convolution", c, c.out_channels, numbers),
        ConvTranspose2d { dilation: [1, 1], groups: 1 } c => Convolution("transposedConvolution", c, c.out_channels, numbers),
        Linear dense => Weights("dense", dense.weight, dense.bias, dense.out_features, numbers),
        MaxPool2d { padding: null or [0, 0] or [0], dilation: null or [1, 1] or [1], ceil_mode: false } pool =>
            new JsonObject { ["kind"] = "maxPool", ["kernel"] = One(pool.kernel_size, layer), ["stride"] = One(pool.stride is { Length: > 0 } stride ? stride : pool.kernel_size, layer) },
        Upsample { mode: UpsampleMode.Nearest, scale_factor: [var rows, var columns] } when rows == columns && rows == (int)rows =>
            new JsonObject { ["kind"] = "upsample", ["scale"] = (int)rows },
        ReLU => new JsonObject { ["kind"] = "relu" },
        Sigmoid => new JsonObject { ["kind"] = "sigmoid" },
        Flatten { start_dim: 1, end_dim: -1 } => new JsonObject { ["kind"] = "reshape" },
        Unflatten { dim: 1 } u => new JsonObject { ["kind"] = "reshape", ["shape"] = new JsonArray([.. u.unflattened_size.Select(size => JsonValue.Create(size))]) },
        _ => throw Unknown(layer),
    };

    private static JsonObject Convolution(string kind, Convolution layer, long outputs, MemoryStream numbers)
    {
        var json = Weights(kind, layer.weight, layer.bias, outputs, numbers);
        (json["kernel"], json["stride"], json["padding"]) = (One(layer.kernel_size, layer), One(layer.stride, layer), One(layer.padding!, layer));
        json["outputPadding"] = layer.transposed ? One(layer.output_padding, layer) : 0;
        return json;
    }

    private static JsonObject Weights(string kind, Tensor weight, Tensor? bias, long outputs, MemoryStream numbers)
    {
        using var none = zeros(outputs);
        numbers.Write(HalfBytes(weight));
        numbers.Write(HalfBytes(bias ?? none));
        return new JsonObject { ["kind"] = kind, ["weights"] = weight.numel(), ["outputs"] = outputs };
    }

    private static byte[] HalfBytes(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var halves = tensor.detach().cpu().to(float16).contiguous();
        return halves.isfinite().all().item<bool>()
            ? halves.bytes.ToArray()
            : throw new ArgumentException("A live figure keeps numbers in half precision, and one here is above 65,504 or not finite.", nameof(tensor));
    }

    private static long One(long[] sizes, nn.Module layer) => sizes.Distinct().Count() == 1 ? sizes[0] : throw Unknown(layer);

    private static ArgumentException Unknown(nn.Module layer) => new(
        $"A live figure cannot compute a {layer.GetType().Name} with these settings: it knows Conv2d, ConvTranspose2d, Linear, MaxPool2d, nearest Upsample, ReLU, Sigmoid, Flatten and Unflatten, with square kernels.");
}
