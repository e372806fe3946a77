using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Models;

/// <summary>Operations with numbers that stay alive during the native call.</summary>
/// <remarks>
/// A number given to a tensor operation, or the hidden factor 1 of an addition, becomes an object that TorchSharp does not
/// keep alive during the native call: where other threads make garbage, as in training and decoding, its memory can be freed under the call.
/// </remarks>
internal static class Factors
{
    public static readonly Scalar One = 1;

    public static Tensor Plus(this Tensor tensor, Tensor other) => tensor.add(other, One);

    public static Tensor Plus(this Tensor tensor, double number)
    {
        using Scalar held = number;
        return tensor.add(held, One);
    }

    public static Tensor Times(this Tensor tensor, double factor)
    {
        using Scalar held = factor;
        return tensor.mul(held);
    }

    public static Tensor Clamp(this Tensor tensor, double lowest, double highest)
    {
        using Scalar heldLowest = lowest, heldHighest = highest;
        return tensor.clamp(heldLowest, heldHighest);
    }

    public static Tensor Below(this Tensor tensor, double limit)
    {
        using Scalar held = limit;
        return tensor.lt(held);
    }
}
