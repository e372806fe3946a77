using TorchSharp;

namespace Autoencoders.Models;

/// <summary>Scalars that are never collected.</summary>
/// <remarks>
/// A number given to a tensor operation, or the hidden factor 1 of an addition, becomes an object that TorchSharp does not
/// keep alive during the native call: where other threads make garbage, as in decoding, its memory can be freed under the call.
/// </remarks>
internal static class Factors
{
    public static readonly Scalar One = 1;
}
