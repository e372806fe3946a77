using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>What training makes small, computed from the logits of the reconstruction and the original pixels.</summary>
public enum Loss
{
    /// <summary>Binary cross-entropy in nats per pixel, from logits, which stays exact where a sigmoid would round to 0 or 1.</summary>
    BinaryCrossEntropy,

    /// <summary>Mean squared error of the pixels sigmoid(logits).</summary>
    MeanSquaredError,
}

/// <summary>Computes a <see cref="Loss"/>.</summary>
internal static class LossFunctions
{
    /// <summary>The mean loss over all pixels, as a scalar that gradients flow through.</summary>
    public static Tensor Of(this Loss loss, Tensor logits, Tensor images) => loss switch
    {
        Loss.BinaryCrossEntropy => nn.functional.binary_cross_entropy_with_logits(logits, images),
        Loss.MeanSquaredError => nn.functional.mse_loss(logits.sigmoid(), images),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "There is no such loss."),
    };
}
