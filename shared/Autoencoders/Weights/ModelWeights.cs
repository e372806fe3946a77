using static TorchSharp.torch;

namespace Autoencoders.Weights;

/// <summary>Keeps the weights of a model in a safetensors file, under the names that PyTorch would give them.</summary>
public static class ModelWeights
{
    /// <summary>Writes all parameters and buffers of <paramref name="model"/>.</summary>
    /// <param name="model">Any network.</param>
    /// <param name="path">The file to make or replace; it is there whole or not at all.</param>
    public static void Save(nn.Module model, string path) => Safetensors.Save(path, model.state_dict());

    /// <summary>Fills <paramref name="model"/> with the weights of a file.</summary>
    /// <param name="model">A network of the same architecture; where this throws, its weights are as they were.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is damaged, or was written by another architecture: names or shapes differ.</exception>
    public static void Load(nn.Module model, string path)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (own, stored) = (model.state_dict(), Safetensors.Load(path));
        foreach (var (name, weight) in own)
        {
            if (!stored.TryGetValue(name, out var value) || !value.shape.SequenceEqual(weight.shape))
            {
                throw new SafetensorsFormatException(
                    $"{path} holds the weights of another model: '{name}' is {(value is null ? "missing" : Shape(value))}, and {model.GetName()} needs {Shape(weight)}.");
            }
        }

        if (stored.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
        {
            throw new SafetensorsFormatException($"{path} holds the weights of another model: {model.GetName()} has no '{unknown}'.");
        }

        foreach (var (name, weight) in own)
        {
            weight.copy_(stored[name]);
        }
    }

    /// <summary>
    /// The file with the weights called <paramref name="name"/>: those that this machine trained, among the artifacts, or else those
    /// that come with the project.
    /// </summary>
    /// <param name="name">Such as <c>conv-autoencoder</c>.</param>
    /// <exception cref="FileNotFoundException">There are neither.</exception>
    public static string Find(string name)
    {
        string[] places = [Path.Combine(ProjectFolder.Artifacts, $"{name}.safetensors"), Path.Combine(ProjectFolder.Data, "models", $"{name}.safetensors")];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"There are no weights called '{name}', neither {string.Join(" nor ", places)}: run chapter 03 first.", places[0]);
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
