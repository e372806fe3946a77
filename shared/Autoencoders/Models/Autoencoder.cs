using static TorchSharp.torch;

namespace Autoencoders.Models;

/// <summary>A network that squeezes an image into a code and draws the image again from the code alone.</summary>
/// <remarks>
/// <c>forward</c> gives logits, which the loss wants (binary cross-entropy is steadier when computed from logits);
/// <see cref="Reconstruct"/> gives pixels.
/// </remarks>
public abstract class Autoencoder : nn.Module<Tensor, Tensor>
{
    /// <summary>Loads libtorch, which a module needs before it can be built.</summary>
    /// <param name="name">The name of the model.</param>
    protected Autoencoder(string name)
        : base(Load(name))
    {
    }

    /// <summary>The code of each image.</summary>
    /// <param name="images">(N, 1, 28, 28), pixels in [0, 1].</param>
    public abstract Tensor Encode(Tensor images);

    /// <summary>The logit of each pixel: the number whose logistic sigmoid is the pixel.</summary>
    /// <param name="code">What <see cref="Encode"/> gave.</param>
    /// <returns>(N, 1, 28, 28), any real number.</returns>
    public abstract Tensor DecodeLogits(Tensor code);

    /// <summary>The images that a code stands for.</summary>
    /// <param name="code">What <see cref="Encode"/> gave.</param>
    /// <returns>(N, 1, 28, 28), pixels in (0, 1).</returns>
    public Tensor Decode(Tensor code)
    {
        using var logits = DecodeLogits(code);
        return logits.sigmoid();
    }

    /// <summary>From images to the logits of their reconstructions.</summary>
    /// <param name="images">(N, 1, 28, 28), pixels in [0, 1].</param>
    /// <returns>(N, 1, 28, 28), any real number.</returns>
    public override Tensor forward(Tensor images)
    {
        using var code = Encode(images);
        return DecodeLogits(code);
    }

    /// <summary>Encodes and decodes images without recording gradients.</summary>
    /// <param name="images">(N, 1, 28, 28), pixels in [0, 1].</param>
    /// <returns>(N, 1, 28, 28), pixels in (0, 1).</returns>
    public Tensor Reconstruct(Tensor images)
    {
        using var noGradients = no_grad();
        using var logits = call(images);
        return logits.sigmoid();
    }

    private static string Load(string name)
    {
        TorchRuntime.Initialize();
        return name;
    }
}
