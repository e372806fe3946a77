using static TorchSharp.torch;

namespace Autoencoders.Models;

/// <summary>A model's layers, what shape each puts out and how many parameters it has, like Keras's <c>model.summary()</c>.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Layers">Its layers in the order in which data flows through them.</param>
public sealed record ModelSummary(string Model, IReadOnlyList<LayerSummary> Layers)
{
    /// <summary>All trainable numbers of the model.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>Sends one blank image through <paramref name="model"/> and writes down what each layer makes of it.</summary>
    /// <param name="model">A network of layers that take and give one tensor.</param>
    /// <param name="channels">Channels of its input.</param>
    /// <param name="height">Height of its input in pixels.</param>
    /// <param name="width">Width of its input in pixels.</param>
    public static ModelSummary Of(nn.Module<Tensor, Tensor> model, int channels = 1, int height = 28, int width = 28)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var layers = new List<LayerSummary>();
        var hooks = LeavesOf(model).Select(leaf => leaf.Layer.register_forward_hook((layer, _, output) =>
        {
            layers.Add(new LayerSummary(leaf.Name, layer.GetType().Name, [-1, .. output.shape[1..]], layer.parameters().Sum(p => p.numel())));
            return output;
        })).ToList();
        try
        {
            LayerChain.OneByOne(() => model.call(zeros(1, channels, height, width)));
        }
        finally
        {
            hooks.ForEach(hook => hook.remove());
        }

        return new ModelSummary(model.GetName(), layers);
    }

    private static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Layer)> LeavesOf(nn.Module model, string path = "")
    {
        foreach (var (name, child) in model.named_children())
        {
            if (child.named_children().Any())
            {
                foreach (var leaf in LeavesOf(child, $"{path}{name}."))
                {
                    yield return leaf;
                }
            }
            else if (child is nn.Module<Tensor, Tensor> layer)
            {
                yield return ($"{path}{name}", layer);
            }
        }
    }
}
