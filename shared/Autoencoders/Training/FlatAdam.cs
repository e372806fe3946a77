using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>Adam, one step of which is seven operations on all parameters together.</summary>
/// <remarks>Source: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, algorithm 1, with the epsilon of PyTorch.</remarks>
internal sealed class FlatAdam : IDisposable
{
    private const double SquareDecay = 0.999, Epsilon = 1e-8;

    private readonly Tensor _weights;

    /// <param name="weights">What is optimised, (P); changed in place.</param>
    public FlatAdam(Tensor weights) => (_weights, Mean, Square) = (weights, zeros_like(weights), zeros_like(weights));

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
        var (meanBias, squareBias) = (1 - Math.Pow(momentum, step + 1), 1 - Math.Pow(SquareDecay, step + 1));
        // Held in variables to the end, because TorchSharp does not keep a number alive during a native call.
        using Scalar keep = momentum, add = 1 - momentum, keepSquare = SquareDecay, addSquare = 1 - SquareDecay;
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
