using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>
/// The trainable parameters of a model as slices of one long tensor, each in the order in which it lies in memory: what is
/// done to all of them then takes one operation instead of one for each.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<(Parameter Parameter, long[] Order)> _parts;

    /// <summary>Moves the parameters into the long tensor; they stay the same objects with the same values and strides.</summary>
    /// <param name="parameters">Those that need no gradient are left out.</param>
    /// <exception cref="ArgumentException">There are none, or they are of different types.</exception>
    public FlatParameters(IEnumerable<Parameter> parameters)
    {
        _parts = [.. parameters.Where(p => p.requires_grad).Distinct().Select(p => (p, MemoryOrder(p)))];
        if (_parts.Select(part => part.Parameter.dtype).Distinct().Count() != 1)
        {
            throw new ArgumentException($"A model needs trainable parameters, all of one type: this one has {_parts.Count}.", nameof(parameters));
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        All = cat([.. _parts.Select(part => InMemoryOrder(part.Parameter, part.Order))]);
        long offset = 0;
        foreach (var (parameter, order) in _parts)
        {
            long[] shape = [.. order.Select(dimension => parameter.shape[dimension])];
            parameter.set_(All.narrow(0, offset, parameter.numel()).view(shape).permute(Inverse(order)));
            offset += parameter.numel();
        }

        All.MoveToOuterDisposeScope();
    }

    /// <summary>All parameters, (P).</summary>
    public Tensor All { get; }

    /// <summary>The parameters one by one, to take gradients for.</summary>
    public Tensor[] Each => [.. _parts.Select(part => part.Parameter)];

    /// <summary>What belongs to each parameter, such as its gradient, in one tensor like <see cref="All"/>, with <paramref name="more"/> behind it.</summary>
    /// <param name="each">In the order of <see cref="Each"/>; null stands for zeros.</param>
    /// <param name="more">Single numbers.</param>
    public Tensor Flatten(IEnumerable<Tensor?> each, params Tensor[] more) => cat([
        .. _parts.Zip(each, (part, tensor) => tensor is null ? zeros_like(part.Parameter).reshape(-1) : InMemoryOrder(tensor, part.Order)),
        .. more.Select(number => number.reshape(1))]);

    /// <summary>Gives each parameter memory of its own again.</summary>
    public void Dispose()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (parameter, order) in _parts)
        {
            parameter.set_(parameter.permute(order).clone().permute(Inverse(order)));
        }

        All.Dispose();
    }

    private static Tensor InMemoryOrder(Tensor tensor, long[] order) => tensor.permute(order).reshape(-1);

    // The dimensions from the longest to the shortest stride: (0, 2, 3, 1) where channels come last.
    private static long[] MemoryOrder(Tensor tensor)
    {
        var strides = tensor.stride();
        return [.. Enumerable.Range(0, strides.Length).OrderByDescending(d => strides[d]).ThenByDescending(d => tensor.shape[d]).Select(d => (long)d)];
    }

    private static long[] Inverse(long[] order) => [.. Enumerable.Range(0, order.Length).OrderBy(i => order[i]).Select(i => (long)i)];
}
