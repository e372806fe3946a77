using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Autoencoders.Data;
using Autoencoders.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>Everything that decides what the weights of a run will be, and what is measured on the way, in words.</summary>
internal static class RunIdentity
{
    private const int RatesCompared = 1000, ImagesCorrupted = 64, MostDifferences = 5;

    /// <summary>What a run is: the value of each thing by its name.</summary>
    public static Dictionary<string, string> Of(nn.Module model, ImageSet training, ImageSet validation, TrainingOptions options, Device device)
    {
        var identity = new Dictionary<string, string>
        {
            ["model"] = model is ConvAutoencoder { Options: var variant } ? $"{variant with { Seed = 0 }}" : model.GetName(),
            ["batch size"] = $"{options.BatchSize}",
            ["corruption"] = Corruption(training, options, device),
            ["device"] = $"{device.type}",
            ["epochs"] = $"{options.Epochs}",
            ["loss"] = $"{options.Loss}",
            ["memory layout"] = options.ChannelsLast ? "channels last" : "as the model has it",
            ["optimiser"] = "Adam",
            ["schedule"] = Schedule(options, (training.Count + options.BatchSize - 1) / options.BatchSize),
            ["seed"] = $"{options.Seed}",
            ["shard size"] = options.ShardSize is { } size ? $"{size}" : "automatic",
            ["training images"] = Images(training),
            ["validation images"] = Images(validation),
        };
        foreach (var (name, module) in model.named_modules())
        {
            identity[$"layer {name}"] = Describe(module);
        }

        foreach (var (name, tensor) in model.state_dict())
        {
            identity[$"tensor {name}"] = $"({string.Join(", ", tensor.shape)}) of {tensor.dtype}{(tensor.requires_grad ? "" : ", not trained")}";
        }

        return identity;
    }

    /// <summary>Names what differs between two runs; null where nothing does.</summary>
    public static string? Differences(IReadOnlyDictionary<string, string> theirs, IReadOnlyDictionary<string, string> ours)
    {
        string[] all = [.. ours.Keys.Union(theirs.Keys).Where(name => theirs.GetValueOrDefault(name) != ours.GetValueOrDefault(name))];
        var named = all.Take(MostDifferences).Select(name => $"{name}: {theirs.GetValueOrDefault(name, "none")} there, {ours.GetValueOrDefault(name, "none")} here");
        return all.Length == 0 ? null : string.Join("; ", named) + (all.Length > MostDifferences ? $"; and {all.Length - MostDifferences} more" : "");
    }

    private static string Images(ImageSet images) =>
        $"{images.Count} of {images.Height}x{images.Width} with SHA-256 {Convert.ToHexStringLower(SHA256.HashData(images.Pixels))[..16]}";

    // A schedule of one's own may have any name, so its rates tell: rounded, since another machine's cosine differs in the last bit.
    private static string Schedule(TrainingOptions options, int batches)
    {
        var steps = options.Epochs * batches;
        var rates = Enumerable.Range(0, RatesCompared).Select(i => (int)((long)i * steps / RatesCompared)).Distinct()
            .Select(step => options.Schedule.At(step, steps, options.LearningRate))
            .Select(at => string.Create(CultureInfo.InvariantCulture, $"{at.LearningRate:G6} {at.Momentum:G6}"));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rates)));
        return string.Create(CultureInfo.InvariantCulture, $"learning rate {options.LearningRate:R}, rates with SHA-256 {Convert.ToHexStringLower(hash)[..16]}");
    }

    // A function has no name that stays, so what it does to the first images tells.
    private static string Corruption(ImageSet training, TrainingOptions options, Device device)
    {
        if (options.Corrupt is not { } corrupt)
        {
            return "none";
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var global = get_rng_state();
        try
        {
            var images = Trainer.ToPixels(training.Take(ImagesCorrupted).ToBytes().to(device));
            var (once, again) = (Change(corrupt, images, options.Seed), Change(corrupt, images, options.Seed));
            return once == again ? once : "with chance of its own";
        }
        finally
        {
            set_rng_state(global);
        }
    }

    private static string Change(Func<Tensor, Generator, Tensor> corrupt, Tensor images, int seed)
    {
        using var chance = new Generator((ulong)seed);
        // It should draw from the generator it is given; where it draws from the global one, that starts the same.
        set_rng_state(chance.get_state());
        var corrupted = corrupt(images.clone(), chance);
        var (mean, spread) = (corrupted.to(float64).mean().ToDouble(), corrupted.to(float64).square().mean().ToDouble());
        return string.Create(CultureInfo.InvariantCulture, $"({string.Join(", ", corrupted.shape.Skip(1))}) with mean {mean:G4} and mean square {spread:G4}");
    }

    // The kind of layer, and those of its settings that are numbers.
    private static string Describe(nn.Module module) => module.GetType().Assembly != typeof(nn.Module).Assembly
        ? module.GetType().Name
        : $"{module.GetType().Name}({string.Join(", ", module.GetType().GetProperties().Where(IsSetting).Select(p => $"{p.Name} {Value(p, module)}"))})";

    private static bool IsSetting(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return property.Name != nameof(nn.Module.training) && (type.IsPrimitive || type.IsEnum || (type.IsArray && type.GetElementType()!.IsPrimitive));
    }

    private static string Value(PropertyInfo property, nn.Module module)
    {
        try
        {
            var value = property.GetValue(module);
            return value is Array numbers ? string.Join("x", numbers.Cast<object>().Select(number => Convert.ToString(number, CultureInfo.InvariantCulture))) : string.Create(CultureInfo.InvariantCulture, $"{value}");
        }
        catch (TargetInvocationException)
        {
            // Some layers cannot say what they were not given.
            return "unset";
        }
    }
}
