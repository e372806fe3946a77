using System.Text.Json.Nodes;
using Autoencoders.Models;
using static TorchSharp.torch;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Autoencoders.Display;

/// <summary>A pad to write a digit on; networks answer at every stroke, in the browser.</summary>
/// <remarks>What is written gets the size, the place and the pen that MNIST's digits have, so that the networks know it.</remarks>
public sealed class DrawingPad : LiveFigure
{
    private const int Side = 28, Colours = 9, Still = 6;

    private DrawingPad(string title, string hint, JsonObject data, DigitGrid still)
        : base("drawing-pad", title, hint, data, still.ToPng())
    {
    }

    /// <summary>A pad beside which an autoencoder draws the digit again, with its error map and its code.</summary>
    /// <param name="model">A trained network of plain layers, in two parts that are registered as <c>encoder</c> and <c>decoder</c>.</param>
    /// <param name="examples">(N, 1, 28, 28) in [0, 1]: digits to begin with, the first one at once.</param>
    /// <exception cref="ArgumentException">The examples have another shape, or the model has layers that the figure cannot compute.</exception>
    public static DrawingPad Of(Autoencoder model, Tensor examples)
    {
        using var scope = NewDisposeScope();
        var data = Data(examples, noise: null, ("drawn again", model));
        data["networks"]![0]!["code"] = LiveNetwork.Depth(LiveNetwork.Part(model, "encoder"));
        data["errorColours"] = Stops(ColorMap.Difference());
        data["codeColours"] = Stops(ColorMap.Viridis(-1, 1));
        var shown = Few(examples);
        var drawn = model.Reconstruct(shown);
        return new(
            "Draw a digit",
            "Draw on the digit, or clear the pad and write your own: at every stroke the network draws it again from its code. What does it make of a face, or of a letter?",
            data,
            DigitGrid.Rows(("written", shown), ("drawn again", drawn), ImageRow.Difference("error", shown, drawn, range: 0.5f)));
    }

    /// <summary>A pad whose digit gets Gaussian noise before networks see it, as much as the reader wants.</summary>
    /// <param name="examples">(N, 1, 28, 28) in [0, 1]: digits to begin with, the first one at once.</param>
    /// <param name="noise">The factor of the noise to begin with, from 0 to 1.</param>
    /// <param name="networks">Trained networks of plain layers, from (N, 1, 28, 28) to logits of the same shape, with their names.</param>
    /// <exception cref="ArgumentException">The examples have another shape, or a network has layers that the figure cannot compute.</exception>
    public static DrawingPad Noisy(Tensor examples, double noise, params (string Name, Network Network)[] networks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(noise, 1);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var data = Data(examples, noise, networks);
        var shown = Few(examples);
        var noisy = (shown + noise * randn(shown.shape, generator: new Generator(7))).clamp(0, 1);
        return new(
            "Draw a digit, and spoil it",
            "Move the noise, and draw on the digit or write your own: how much noise does it take until a line of yours is lost?",
            data,
            DigitGrid.Rows([("written", shown), ("with noise", noisy), .. networks.Select(n => (ImageRow)(n.Name, n.Network.call(noisy).sigmoid()))]));
    }

    private static JsonObject Data(Tensor examples, double? noise, params (string Name, Network Network)[] networks)
    {
        if (examples.dim() != 4 || examples.shape[0] == 0 || !examples.shape[1..].SequenceEqual([1, Side, Side]))
        {
            throw new ArgumentException($"A drawing pad begins with digits of the shape (N, 1, {Side}, {Side}), not ({string.Join(", ", examples.shape)}).", nameof(examples));
        }

        var bytes = (examples.detach().cpu() * 255).round().clamp(0, 255).to(ScalarType.Byte).contiguous();
        return new JsonObject
        {
            ["examples"] = Convert.ToBase64String(bytes.bytes),
            ["noise"] = noise,
            ["networks"] = new JsonArray([.. networks.Select(n =>
            {
                var exported = LiveNetwork.Export(n.Network, examples.narrow(0, 0, 1));
                (exported["name"], exported["code"]) = (n.Name, null);
                return exported;
            })]),
        };
    }

    private static Tensor Few(Tensor examples) => examples.narrow(0, 0, Math.Min(Still, examples.shape[0]));

    private static JsonArray Stops(ColorMap map) => new([.. Enumerable.Range(0, Colours)
        .Select(i => map.At(map.Low + (map.High - map.Low) * i / (Colours - 1)))
        .Select(colour => new JsonArray(colour.Red, colour.Green, colour.Blue))]);
}
