using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>Adam, one step of which is seven operations on all parameters together.</summary>
/// <remarks>
/// Unlike TorchSharp's own, it keeps its numbers alive during the native calls; without that a collection at the wrong moment
/// ends a training, or the process: rarely, but it happened. Source: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980,
/// algorithm 1, with the epsilon of PyTorch.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    private const double Epsilon = 1e-8;

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
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (meanBias, squareBias) = (1 - Math.Pow(momentum, step + 1), 1 - Math.Pow(_squareDecay, step + 1));
        // Held in variables to the end, because TorchSharp does not keep a number alive during a native call.
        using Scalar keep = momentum, add = 1 - momentum, keepSquare = _squareDecay, addSquare = 1 - _squareDecay;
        using Scalar root = 1 / Math.Sqrt(squareBias), epsilon = Epsilon, move = -rate / meanBias;
        Mean.mul_(keep).add_(gradient, add);
        Square.mul_(keepSquare).addcmul_(gradient, gradient, addSquare);
        _weights.addcdiv_(Mean, Square.sqrt().mul_(root).add_(epsilon, Models.Factors.One), move);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
    }
}
