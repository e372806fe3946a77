using System.Runtime.InteropServices;
using System.Text.Json;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>The file from which a training run goes on after it was stopped: weights, optimiser, place in the epoch, and chance.</summary>
/// <remarks>A safetensors file, sealed with the SHA-256 of all its bytes. All of it is checked before anything is changed.</remarks>
internal sealed class TrainingCheckpoint(string path, IReadOnlyDictionary<string, string> identity)
{
    /// <summary>The tensor that only checkpoints have.</summary>
    public const string Identity = "identity";

    private const string Model = "model.", Run = "run.", Chance = "chance", GlobalChance = "global_chance", Place = "place", Epochs = "epochs";
    private const int Numbers = 5;

    /// <summary>Where a run was.</summary>
    /// <param name="Epoch">The epoch it was in, from 1.</param>
    /// <param name="Batch">The batches of that epoch it had done.</param>
    /// <param name="Elapsed">The time that those had taken.</param>
    /// <param name="Threads">For how many threads its batches were cut.</param>
    /// <param name="History">The epochs before.</param>
    public sealed record State(int Epoch, int Batch, TimeSpan Elapsed, int Threads, IReadOnlyList<EpochResult> History);

    /// <summary>Writes the file, which is there whole or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(nn.Module model, Dictionary<string, Tensor> tensors, State state, Generator chance)
    {
        using var scope = NewDisposeScope();
        var content = new Dictionary<string, Tensor>
        {
            [Identity] = from_array(JsonSerializer.SerializeToUtf8Bytes(identity)),
            [Place] = from_array(new long[] { state.Epoch, state.Batch, state.Elapsed.Ticks, state.Threads }),
            [Epochs] = from_array(state.History.SelectMany(ToNumbers).ToArray()).reshape(state.History.Count, Numbers),
            [Chance] = chance.get_state(),
            [GlobalChance] = get_rng_state(),
        };
        foreach (var (name, tensor) in Targets(model, tensors))
        {
            content[name] = tensor;
        }

        Safetensors.SaveSealed(path, content);
    }

    /// <summary>Reads the file, if there is one, into the model, the tensors and the generator.</summary>
    /// <param name="model">Where this throws, it is as it was; so are the others.</param>
    /// <param name="tensors">The tensors of the run.</param>
    /// <param name="chance">The generator of the run.</param>
    /// <param name="epochs">How many epochs the run has.</param>
    /// <param name="batches">How many batches an epoch has.</param>
    /// <returns>Where the run was; null where there is no file.</returns>
    /// <exception cref="SafetensorsFormatException">The file is damaged, or no checkpoint.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another run; the message says how that differs.</exception>
    public State? Load(nn.Module model, Dictionary<string, Tensor> tensors, Generator chance, int epochs, int batches)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var (content, targets) = (Safetensors.LoadSealed(path), Targets(model, tensors));
        CheckIdentity(content);
        foreach (var (name, target) in targets)
        {
            Require(Get(content, name, target.dtype).shape.SequenceEqual(target.shape), $"'{name}' has another shape than the run's");
        }

        var state = ReadState(content, epochs, batches);
        Require(new[] { Chance, GlobalChance }.All(name => GeneratorState.IsValid(Get(content, name, ScalarType.Byte).bytes)), "its random generators are none");
        foreach (var (name, target) in targets)
        {
            target.copy_(content[name]);
        }

        chance.set_state(content[Chance]);
        set_rng_state(content[GlobalChance]);
        return state;
    }

    private static Dictionary<string, Tensor> Targets(nn.Module model, Dictionary<string, Tensor> tensors) =>
        model.state_dict().Select(w => KeyValuePair.Create(Model + w.Key, w.Value)).Concat(tensors.Select(t => KeyValuePair.Create(Run + t.Key, t.Value))).ToDictionary();

    private void CheckIdentity(Dictionary<string, Tensor> content)
    {
        var theirs = new Dictionary<string, string>();
        try
        {
            theirs = JsonSerializer.Deserialize<Dictionary<string, string>>(Get(content, Identity, ScalarType.Byte).bytes) ?? theirs;
        }
        catch (JsonException)
        {
            Require(false, "it does not say of which run it is");
        }

        if (RunIdentity.Differences(theirs, identity) is { } differences)
        {
            throw new InvalidOperationException($"{path} is the checkpoint of another run ({differences}): delete the file to begin anew, or name another.");
        }
    }

    private State ReadState(Dictionary<string, Tensor> content, int epochs, int batches)
    {
        var place = Values<long>(Get(content, Place, ScalarType.Int64));
        var history = Values<double>(Get(content, Epochs, ScalarType.Float64)).Chunk(Numbers).ToList();
        Require(place.Length == 4 && place[0] >= 1 && place[0] <= epochs + 1L && place[1] >= 0 && place[1] <= batches && place[2] >= 0 && place[3] is >= 1 and <= int.MaxValue, "its place in the run is none");
        Require(history.Count == place[0] - 1 && history.TrueForAll(numbers => numbers.Length == Numbers), "its epochs are others than its place says");
        return new State((int)place[0], (int)place[1], TimeSpan.FromTicks(place[2]), (int)place[3], [.. history.Select((numbers, i) => ToEpoch(i + 1, numbers))]);
    }

    private Tensor Get(Dictionary<string, Tensor> content, string name, ScalarType type)
    {
        Require(content.TryGetValue(name, out var tensor) && tensor.dtype == type, $"'{name}' is missing, or no {type}");
        return content[name];
    }

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new SafetensorsFormatException($"{path} is no checkpoint that a training can go on from: {otherwise}.");
        }
    }

    private static T[] Values<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes).ToArray();

    private static double[] ToNumbers(EpochResult epoch) => [epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.Seconds, epoch.ImagesPerSecond];

    private static EpochResult ToEpoch(int epoch, double[] numbers) => new(epoch, numbers[1], numbers[2], numbers[3], numbers[4]);
}
