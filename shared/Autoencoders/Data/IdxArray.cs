using System.Globalization;

namespace Autoencoders.Data;

/// <summary>The content of an IDX file of unsigned bytes: an array of any number of dimensions.</summary>
/// <param name="Dimensions">The size of each dimension, outermost first: 60,000 x 28 x 28 for the training images of MNIST.</param>
/// <param name="Values">The elements, the last dimension varying fastest.</param>
public sealed record IdxArray(IReadOnlyList<int> Dimensions, byte[] Values)
{
    /// <summary>The dimensions as text, such as <c>60,000 x 28 x 28</c>.</summary>
    public override string ToString() => string.Join(" x ", Dimensions.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)));
}
