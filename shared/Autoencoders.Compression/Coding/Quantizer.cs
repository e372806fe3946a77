using Autoencoders.Models;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Turns the analysis network's numbers into symbols, in one of several ways that are always named.</summary>
public static class Quantizer
{
    /// <summary>Quantises to the levels 0, 1, …, <paramref name="levels"/> - 1; latents beyond them count as the outermost.</summary>
    /// <param name="latents">Any shape, in units of levels.</param>
    /// <param name="levels">How many levels there are: at least 2.</param>
    /// <param name="mode">What stands for a latent.</param>
    /// <param name="ditherWidth">For <see cref="QuantizerMode.Dither"/>, how far around the middle between two levels chance decides: 1, everywhere, to just above 0, nearly nowhere.</param>
    /// <param name="chance">The same shape, random numbers from [0, 1), which <see cref="QuantizerMode.Noise"/> and <see cref="QuantizerMode.Dither"/> use; null to draw them from torch's global random state.</param>
    /// <returns>The same shape, float32; whole numbers in all modes but <see cref="QuantizerMode.Noise"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two levels, or a width outside (0, 1].</exception>
    public static Tensor Apply(Tensor latents, int levels, QuantizerMode mode, double ditherWidth = 1, Tensor? chance = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ditherWidth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ditherWidth, 1);
        using var scope = NewDisposeScope();
        return (mode switch
        {
            QuantizerMode.Round => Nearest(latents.detach(), levels),
            QuantizerMode.StraightThrough => Nearest(latents.detach(), levels).Plus(latents - latents.detach()),
            QuantizerMode.Noise => latents.Clamp(0, levels - 1).Plus(Uniform(latents, chance)),
            QuantizerMode.Dither => Dithered(latents, levels, ditherWidth, chance),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode."),
        }).MoveToOuterDisposeScope();
    }

    private static Tensor Nearest(Tensor latents, int levels) => latents.Clamp(0, levels - 1).round();

    private static Tensor Uniform(Tensor like, Tensor? chance) => (chance ?? rand_like(like)).Plus(-0.5);

    // Where chance decides, in a zone of the given width, the drawn level's mean rises by 1 over that width, so its slope is 1 / width.
    private static Tensor Dithered(Tensor latents, int levels, double width, Tensor? chance)
    {
        using var noGradients = no_grad();
        var clamped = latents.Clamp(0, levels - 1);
        var drawn = Nearest(clamped.Plus(Uniform(latents, chance).Times(width)), levels);
        var slope = (latents - latents.floor()).Plus(-0.5).abs().Below(width / 2).to(ScalarType.Float32).Times(1 / width);
        using var gradients = enable_grad();
        var carrier = latents.Clamp(0, levels - 1) * slope;
        return drawn.Plus(carrier - carrier.detach());
    }
}
