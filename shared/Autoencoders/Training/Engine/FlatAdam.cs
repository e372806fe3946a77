using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using Lanes = System.Numerics.Vector<float>;

namespace Autoencoders.Training;

/// <summary>Adam, one step of which is one pass over all parameters together.</summary>
/// <remarks>
/// Unlike TorchSharp's own, it keeps its numbers alive during the native calls; without that a collection at the wrong moment
/// ends a training, or the process: rarely, but it happened. Source: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980,
/// algorithm 1, with the epsilon of PyTorch.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    private const double Epsilon = 1e-8;
    private const float Tiny = 1e-18f; // Its square is a number of full precision still.

    private readonly Tensor _weights;
    private readonly double _squareDecay;

    /// <param name="weights">What is optimised, (P); changed in place.</param>
    /// <param name="squareDecay">How much of the mean square stays: Adam's beta 2.</param>
    public FlatAdam(Tensor weights, double squareDecay = 0.999) =>
        (_weights, _squareDecay, Mean, Square) = (weights, squareDecay, zeros_like(weights), zeros_like(weights));

    /// <summary>The running mean of the gradient, (P).</summary>
    public Tensor Mean { get; }

    /// <summary>The running mean of the squared gradient, (P).</summary>
    public Tensor Square { get; }

    /// <summary>Moves the weights against the gradient.</summary>
    /// <param name="gradient">(P).</param>
    /// <param name="step">The number of this step, from 0.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">How much of the mean stays: Adam's beta 1.</param>
    public void Step(Tensor gradient, int step, double rate, double momentum)
    {
        var (meanBias, squareBias) = (1 - Math.Pow(momentum, step + 1), 1 - Math.Pow(_squareDecay, step + 1));
        var (root, move) = (1 / Math.Sqrt(squareBias), -rate / meanBias);
        if (_weights is { device_type: DeviceType.CPU, dtype: ScalarType.Float32 })
        {
            Step(Data(gradient), Data(_weights), Data(Mean), Data(Square), (float)momentum, (float)_squareDecay, (float)root, (float)move);
            return;
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        // Held in variables to the end, because TorchSharp does not keep a number alive during a native call.
        using Scalar keep = momentum, add = 1 - momentum, keepSquare = _squareDecay, addSquare = 1 - _squareDecay;
        using Scalar unbias = root, epsilon = Epsilon, by = move;
        Mean.mul_(keep).add_(gradient, add);
        Square.mul_(keepSquare).addcmul_(gradient, gradient, addSquare);
        _weights.addcdiv_(Mean, Square.sqrt().mul_(unbias).add_(epsilon, Models.Factors.One), by);
    }

    private static Span<float> Data(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    // The same on the CPU.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(Span<float> gradient, Span<float> weights, Span<float> mean, Span<float> square, float keep, float keepSquare, float root, float move)
    {
        Span<Lanes> g = MemoryMarshal.Cast<float, Lanes>(gradient), w = MemoryMarshal.Cast<float, Lanes>(weights), m = MemoryMarshal.Cast<float, Lanes>(mean), s = MemoryMarshal.Cast<float, Lanes>(square);
        for (var i = 0; i < w.Length; i++)
        {
            Step(g[i], ref w[i], ref m[i], ref s[i], keep, keepSquare, root, move);
        }

        for (var i = w.Length * Lanes.Count; i < weights.Length; i++)
        {
            Lanes ownWeight = new(weights[i]), ownMean = new(mean[i]), ownSquare = new(square[i]);
            Step(new Lanes(gradient[i]), ref ownWeight, ref ownMean, ref ownSquare, keep, keepSquare, root, move);
            (weights[i], mean[i], square[i]) = (ownWeight[0], ownMean[0], ownSquare[0]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Lanes gradient, ref Lanes weight, ref Lanes mean, ref Lanes square, float keep, float keepSquare, float root, float move)
    {
        gradient = OrZero(gradient);
        mean = OrZero((mean * keep) + (gradient * (1 - keep)));
        square = (square * keepSquare) + (gradient * gradient * (1 - keepSquare));
        weight += mean / ((Vector.SquareRoot(square) * root) + new Lanes((float)Epsilon)) * move;
    }

    // Where a gradient stays zero, as at the border of digits, its mean shrinks to numbers so small that a processor takes a hundred times as long over each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes OrZero(Lanes x) => Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), new Lanes(Tiny)), Lanes.Zero, x);

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }
}
