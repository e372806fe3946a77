using System.Runtime.InteropServices;
using System.Text;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>The file from which a training run goes on after it was stopped: weights, optimiser, place in the epoch, and chance.</summary>
internal sealed class TrainingCheckpoint(string path, string identity)
{
    private const string Model = "model.", Run = "run.", Chance = "chance", GlobalChance = "global_chance", Identity = "identity", Place = "place", Epochs = "epochs";

    /// <summary>Where a run was.</summary>
    /// <param name="Epoch">The epoch it was in, from 1.</param>
    /// <param name="Batch">The batches of that epoch it had done.</param>
    /// <param name="Elapsed">The time that those had taken.</param>
    /// <param name="History">The epochs before.</param>
    public sealed record State(int Epoch, int Batch, TimeSpan Elapsed, IReadOnlyList<EpochResult> History);

    /// <summary>Writes the file, which is there whole or not at all.</summary>
    public void Save(
        nn.Module model, Dictionary<string, Tensor> tensors, IReadOnlyList<EpochResult> history, int epoch, int batch, TimeSpan elapsed, Generator chance)
    {
        using var scope = NewDisposeScope();
        var content = new Dictionary<string, Tensor>
        {
            [Identity] = from_array(Encoding.UTF8.GetBytes(identity)),
            [Place] = from_array(new long[] { epoch, batch, elapsed.Ticks }),
            [Epochs] = from_array(history.SelectMany(Numbers).ToArray()).reshape(history.Count, 5),
            [Chance] = chance.get_state(),
            [GlobalChance] = get_rng_state(),
        };
        foreach (var (name, tensor) in model.state_dict())
        {
            content[Model + name] = tensor;
        }

        foreach (var (name, tensor) in tensors)
        {
            content[Run + name] = tensor;
        }

        Safetensors.Save(path, content);
    }

    /// <summary>Reads the file, if there is one, into the model, the tensors and the generator.</summary>
    /// <returns>Where the run was; null where there is no file.</returns>
    /// <exception cref="SafetensorsFormatException">The file is damaged.</exception>
    /// <exception cref="InvalidOperationException">It belongs to another run.</exception>
    public State? Load(nn.Module model, Dictionary<string, Tensor> tensors, Generator chance)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var content = Safetensors.Load(path);
        Check(content);
        foreach (var (name, tensor) in model.state_dict())
        {
            tensor.copy_(Get(content, Model + name));
        }

        foreach (var (name, tensor) in tensors)
        {
            tensor.copy_(Get(content, Run + name));
        }

        chance.set_state(Get(content, Chance));
        set_rng_state(Get(content, GlobalChance));
        var place = Get(content, Place).data<long>().ToArray();
        var epochs = MemoryMarshal.Cast<byte, double>(Get(content, Epochs).bytes).ToArray().Chunk(5).Select(Epoch);
        return new State((int)place[0], (int)place[1], TimeSpan.FromTicks(place[2]), [.. epochs]);
    }

    private void Check(Dictionary<string, Tensor> content)
    {
        var theirs = Encoding.UTF8.GetString(Get(content, Identity).bytes);
        if (theirs != identity)
        {
            throw new InvalidOperationException(
                $"{path} is the checkpoint of another run ({theirs}), and this one is ({identity}): delete the file to begin anew, or name another.");
        }
    }

    private Tensor Get(Dictionary<string, Tensor> content, string name) =>
        content.TryGetValue(name, out var tensor) ? tensor : throw new SafetensorsFormatException($"{path} is no checkpoint: '{name}' is missing.");

    private static double[] Numbers(EpochResult epoch) => [epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.Seconds, epoch.ImagesPerSecond];

    private static EpochResult Epoch(double[] numbers) => new((int)numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
}
