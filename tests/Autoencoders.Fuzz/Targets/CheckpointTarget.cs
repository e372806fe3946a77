using System.Security.Cryptography;
using Autoencoders.Training;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Fuzz.Targets;

internal static class CheckpointTarget
{
    private const int Epochs = 3, Batches = 4;

    private static readonly Lazy<string> Written = new(() => FuzzTarget.TemporaryFile("written.checkpoint"));

    public static FuzzTarget Create()
    {
        TorchRuntime.Initialize();
        var (model, chance) = (nn.Linear(2, 1), new Generator(1));
        var run = new Dictionary<string, Tensor> { ["mean"] = zeros(3), ["square"] = zeros(3), ["loss"] = zeros(1) };
        var identity = new Dictionary<string, string> { ["model"] = "Linear", ["seed"] = "42" };
        var state = new TrainingCheckpoint.State(2, 1, TimeSpan.FromSeconds(1), 2, [new EpochResult(1, 0.3, 0.2, 1, 64)]);
        new TrainingCheckpoint(Written.Value, identity).Save(model, run, state, chance);
        var content = Safetensors.LoadSealed(Written.Value);
        return new FuzzTarget("checkpoint", typeof(SafetensorsFormatException), FuzzTarget.FromFile("input.checkpoint", path => Read(path, identity, model, run, chance)), [File.ReadAllBytes(Written.Value)])
        {
            Words = SafetensorsTarget.Words,
            Generate = random => Generate(content, random),
            Repair = input => FuzzTarget.Sealed(input, SHA256.HashSizeInBytes),
        };
    }

    private static long Read(string path, Dictionary<string, string> identity, nn.Module model, Dictionary<string, Tensor> run, Generator chance)
    {
        try
        {
            new TrainingCheckpoint(path, identity).Load(model, run, chance, Epochs, Batches);
            return new FileInfo(path).Length;
        }
        catch (InvalidOperationException e) when (e.Message.Contains("another run", StringComparison.Ordinal))
        {
            // The other exception that is documented.
            throw new SafetensorsFormatException(e.Message, e);
        }
    }

    // Rightly sealed, with a tensor or two that no run would write.
    private static byte[] Generate(Dictionary<string, Tensor> content, Random random)
    {
        using var scope = NewDisposeScope();
        var changed = content.ToDictionary(tensor => tensor.Key, tensor => tensor.Value.clone());
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            var name = changed.Keys.ElementAt(random.Next(changed.Count));
            var tensor = changed[name];
            switch (random.Next(6))
            {
                case 0 when changed.Count > 1:
                    changed.Remove(name);
                    break;
                case 1:
                    changed[name] = tensor.to(random.Next(2) == 0 ? ScalarType.Float64 : ScalarType.Int64);
                    break;
                case 2:
                    changed[name] = zeros([.. tensor.shape.Select(_ => (long)random.Next(6))], dtype: tensor.dtype);
                    break;
                case > 2 when tensor.numel() > 0:
                    // Where generators keep what libtorch ends the process over: near the beginning.
                    var bytes = tensor.bytes;
                    bytes[random.Next(Math.Min(bytes.Length, random.Next(2) == 0 ? 24 : int.MaxValue))] = (byte)random.Next(256);
                    break;
            }
        }

        Safetensors.SaveSealed(Written.Value, changed);
        return File.ReadAllBytes(Written.Value);
    }
}
