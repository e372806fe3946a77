using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>Takes gradients on several threads, and says what is wrong with a model where none can be taken.</summary>
/// <remarks>
/// <c>autograd.grad</c> gives each thread gradients of its own, but ends the process where it fails. <c>backward</c> throws over the same
/// mistakes, but its gradients lie in the parameters, which threads share. So the first batches go through <c>backward</c>, one loss after
/// the other, with the same numbers to the bit: two, since what a layer keeps from one batch is met again in the next.
/// </remarks>
/// <param name="model">The model's name, for messages.</param>
/// <param name="all">Whether the loss must depend on every parameter.</param>
internal sealed class Gradients(string model, bool all = false)
{
    private const int Trials = 2;

    private readonly Lock _one = new();
    private volatile int _batches;

    /// <summary>The gradient of <paramref name="loss"/> for each parameter, null where the loss does not depend on it.</summary>
    /// <exception cref="InvalidOperationException">There is no gradient; the message says why.</exception>
    public IReadOnlyList<Tensor?> Of(Tensor loss, Tensor[] parameters)
    {
        if (!loss.requires_grad)
        {
            throw new InvalidOperationException(is_grad_enabled()
                ? $"{model} cannot be trained: its output does not depend on its trainable parameters. Is it detached, or computed under no_grad?"
                : Off);
        }

        List<Tensor?> gradients = _batches < Trials
            ? ByBackward(loss, parameters)
            : [.. autograd.grad([loss], parameters, allow_unused: true).Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient)];
        return all && gradients.Count(gradient => gradient is null) is var missing and > 0
            ? throw new InvalidOperationException($"{model} cannot be trained: {missing} of its {parameters.Length} tensors of parameters have no gradient. Is an output detached, or computed under no_grad?")
            : gradients;
    }

    /// <summary>Says that all losses of a batch had their gradients.</summary>
    public void BatchDone() => _batches = Math.Min(_batches + 1, Trials);

    /// <summary>Refuses to train where nothing can be.</summary>
    /// <exception cref="InvalidOperationException">Gradients are switched off.</exception>
    public static void CheckEnabled()
    {
        if (!is_grad_enabled())
        {
            throw new InvalidOperationException(Off);
        }
    }

    private static string Off => "Gradients are switched off by no_grad or inference_mode, and training needs them: dispose of what switched them off first.";

    private List<Tensor?> ByBackward(Tensor loss, Tensor[] parameters)
    {
        lock (_one)
        {
            var before = Array.ConvertAll(parameters, parameter => parameter.grad);
            try
            {
                SetGradients(parameters, new Tensor?[parameters.Length]);
                loss.backward();
                return [.. parameters.Select(parameter => parameter.grad)];
            }
            catch (ExternalException e)
            {
                var failure = NativeFailure.Short(e);
                var reason = failure.Message.Split(" Hint:")[0].TrimEnd('.');
                throw new InvalidOperationException(
                    $"{model} cannot be trained, for its gradient cannot be computed: {reason}. An operation with an underscore, such as add_, changes its input in place: use the one without.", failure);
            }
            finally
            {
                SetGradients(parameters, before);
            }
        }
    }

    private static void SetGradients(Tensor[] parameters, Tensor?[] gradients)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i].grad = gradients[i];
        }
    }
}
