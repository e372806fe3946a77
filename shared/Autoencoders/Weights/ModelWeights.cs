using Autoencoders.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Autoencoders.Weights;

/// <summary>Keeps the weights of a model in a safetensors file, under the names that PyTorch would give them.</summary>
public static class ModelWeights
{
    /// <summary>Writes all parameters and buffers of <paramref name="model"/>.</summary>
    /// <param name="model">Any network.</param>
    /// <param name="path">The file to make or replace; it is there whole or not at all.</param>
    /// <exception cref="InvalidOperationException">A parameter holds numbers that are not finite: good weights must not be lost for those.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(nn.Module model, string path)
    {
        using var scope = NewDisposeScope();
        var weights = model.state_dict();
        if (weights.FirstOrDefault(w => w.Value is Parameter && !IsFinite(w.Value)).Key is { } name)
        {
            throw new InvalidOperationException($"{path} was not written: '{name}' of {model.GetName()} holds numbers that are not finite, so its training went wrong.");
        }

        Safetensors.Save(path, weights);
    }

    /// <summary>Fills <paramref name="model"/> with the weights of a file.</summary>
    /// <param name="model">A network of the same architecture; where this throws, its weights are as they were.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is damaged, holds numbers that are not finite, or was written by another architecture: names or shapes differ, or integers are where fractions should be.</exception>
    public static void Load(nn.Module model, string path)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (own, stored) = (model.state_dict(), Safetensors.Load(path));
        foreach (var (name, weight) in own)
        {
            if (!stored.TryGetValue(name, out var value) || !value.shape.SequenceEqual(weight.shape) || value.is_floating_point() != weight.is_floating_point())
            {
                throw new SafetensorsFormatException(
                    $"{path} holds {Kind(stored)}: '{name}' is {(value is null ? "missing" : Describe(value))}, and {model.GetName()} needs {Describe(weight)}.");
            }
        }

        if (stored.Keys.FirstOrDefault(name => !own.ContainsKey(name)) is { } unknown)
        {
            throw new SafetensorsFormatException($"{path} holds {Kind(stored)}: {model.GetName()} has no '{unknown}'.");
        }

        if (own.FirstOrDefault(w => w.Value is Parameter && !IsFinite(stored[w.Key])).Key is { } spoilt)
        {
            throw new SafetensorsFormatException($"{path} holds numbers in '{spoilt}' that are not finite: the training that wrote it went wrong.");
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

    private static bool IsFinite(Tensor tensor) => tensor.device_type == DeviceType.META || tensor.isfinite().all().ToBoolean();

    private static string Kind(Dictionary<string, Tensor> stored) =>
        stored.ContainsKey(TrainingCheckpoint.Identity) ? "the checkpoint of a training, not weights"
        : stored.ContainsKey("context.shape") ? "an image codec, not weights"
        : "the weights of another model";

    private static string Describe(Tensor tensor) => $"({string.Join(", ", tensor.shape)}){(tensor.is_floating_point() ? "" : $" of {tensor.dtype}")}";
}
