using Autoencoders.Models;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>What a batch costs and what it loses, as numbers that can be differentiated.</summary>
/// <param name="Bits">Mean information of an image's symbols, in bits, by the trained probabilities: a file needs about two more.</param>
/// <param name="SquaredError">Mean over the images of the sum of squared pixel differences, pixels in [0, 1].</param>
public sealed record RateDistortion(Tensor Bits, Tensor SquaredError)
{
    /// <summary>Rate + lambda · distortion, what training makes small.</summary>
    /// <param name="lambda">How many bits one unit of squared error is worth.</param>
    public Tensor Cost(double lambda) => Bits.Plus(SquaredError.Times(lambda));
}
