using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// Adam for a training loop of one's own, with the calls and results of <c>optim.Adam</c>. It moves all parameters together, which is
/// faster, and keeps its numbers alive during the native calls. TorchSharp's does not: rarely, but in the middle of a training, the
/// garbage collector frees one that is in use, and the step fails or the process ends.
/// </summary>
/// <remarks>Source: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, algorithm 1; the decay is added to the gradient.</remarks>
public sealed class AdamOptimizer : IDisposable
{
    private const double Momentum = 0.9;

    private readonly FlatParameters _parameters;
    private readonly FlatAdam _adam;
    private readonly double _decay;
    private int _step;

    /// <summary>Prepares to optimise some parameters; they stay the same objects.</summary>
    /// <param name="parameters">Those that need no gradient are left out.</param>
    /// <param name="lr">The learning rate.</param>
    /// <param name="weight_decay">How strongly weights are pulled towards zero: this times the weight is added to the gradient.</param>
    /// <exception cref="ArgumentException">There are no trainable parameters, or they are of different types.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public AdamOptimizer(IEnumerable<Parameter> parameters, double lr = 1e-3, double weight_decay = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lr);
        ArgumentOutOfRangeException.ThrowIfNegative(weight_decay);
        using var scope = NewDisposeScope();
        (_parameters, LearningRate, _decay) = (new FlatParameters(parameters), lr, weight_decay);
        _adam = new FlatAdam(_parameters.All);
        foreach (var kept in (Tensor[])[_parameters.All, _adam.Mean, _adam.Square])
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Forgets the gradients.</summary>
    public void zero_grad()
    {
        foreach (var parameter in _parameters.Each)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Moves the parameters against their gradients; one without a gradient counts as having zeros.</summary>
    public void step()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using TorchSharp.Scalar decay = _decay;
        var gradient = _parameters.Flatten(_parameters.Each.Select(parameter => parameter.grad));
        _adam.Step(_decay == 0 ? gradient : gradient.add_(_parameters.All, decay), _step++, LearningRate, Momentum);
    }

    /// <summary>Frees what the optimiser remembers; the parameters stay.</summary>
    public void Dispose()
    {
        _adam.Dispose();
        _parameters.Dispose();
    }
}
