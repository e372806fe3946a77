using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>A codec as named tensors: the networks in half precision, the context model in integers, and its measures.</summary>
internal static class CodecWeights
{
    private const string AnalysisPrefix = "analysis.", SynthesisPrefix = "synthesis.", ContextPrefix = "context.";

    /// <summary>The tensors of a model.</summary>
    public static Dictionary<string, Tensor> Of(CompressiveAutoencoder model)
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var (name, weight) in model.state_dict().Where(w => !w.Key.StartsWith(ContextPrefix, StringComparison.Ordinal)))
        {
            using var detached = weight.detach();
            weights[name] = detached.to(ScalarType.Float16);
        }

        var (shape, tables) = (model.Options.ContextShape, model.ExportContext());
        weights[ContextPrefix + "shape"] = tensor((int[])[shape.Grid, shape.Levels, shape.Rows, shape.Columns, shape.Hidden, shape.Hidden2]);
        foreach (var (name, value) in tables.Named)
        {
            weights[ContextPrefix + name] = value switch
            {
                short[] shorts => tensor(shorts, ScalarType.Int16),
                int[] integers => tensor(integers, ScalarType.Int32),
                _ => throw new NotSupportedException(),
            };
        }

        return weights;
    }

    /// <summary>The context model among the tensors.</summary>
    /// <exception cref="KeyNotFoundException">A tensor is missing.</exception>
    /// <exception cref="ArgumentException">A tensor has the wrong type or size.</exception>
    public static ContextTables Tables(IReadOnlyDictionary<string, Tensor> weights)
    {
        var shape = Values<int>(weights, "shape");
        if (shape.Length != 6)
        {
            throw new ArgumentException($"'{ContextPrefix}shape' has {shape.Length} numbers instead of 6.");
        }

        return new ContextTables(
            new ContextShape(shape[0], shape[1], shape[2], shape[3], shape[4], shape[5]),
            Values<short>(weights, ContextTables.PositionBiasName),
            Values<short>(weights, ContextTables.NeighbourWeightsName),
            Values<short>(weights, ContextTables.Weights2Name),
            Values<int>(weights, ContextTables.Bias2Name),
            Values<short>(weights, ContextTables.Weights3Name),
            Values<int>(weights, ContextTables.Bias3Name));
    }

    /// <summary>The analysis network among the tensors.</summary>
    public static AnalysisNetwork Analysis(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        var depth = weights.Keys.Count(name => name.StartsWith($"{AnalysisPrefix}layers.conv", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal));
        var network = new AnalysisNetwork(shape.Grid, shape.Levels, (int)weights[$"{AnalysisPrefix}layers.conv1.weight"].shape[0], depth);
        Fill(network, AnalysisPrefix, weights);
        return network;
    }

    /// <summary>The synthesis network among the tensors, in integers.</summary>
    /// <exception cref="KeyNotFoundException">A tensor is missing.</exception>
    /// <exception cref="ArgumentException">A tensor has the wrong type or size.</exception>
    public static IntegerSynthesis Synthesis(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        // The network checks that all shapes fit together.
        using var network = new SynthesisNetwork(shape.Grid, shape.Levels, (int)weights[$"{SynthesisPrefix}conv2.weight"].shape[0]);
        Fill(network, SynthesisPrefix, weights);
        return new IntegerSynthesis(shape, network.state_dict().ToDictionary(weight => weight.Key, weight => Doubles(weight.Value)));
    }

    /// <summary>The tensors of the synthesis network, by its own names, in full precision.</summary>
    public static IReadOnlyDictionary<string, Tensor> SynthesisTensors(IReadOnlyDictionary<string, Tensor> weights) => weights
        .Where(w => w.Key.StartsWith(SynthesisPrefix, StringComparison.Ordinal))
        .ToDictionary(w => w.Key[SynthesisPrefix.Length..], w => w.Value.to(ScalarType.Float32));

    /// <summary>Copies of all tensors, those of the synthesis network taken from <paramref name="network"/>.</summary>
    public static Dictionary<string, Tensor> WithSynthesis(IReadOnlyDictionary<string, Tensor> weights, SynthesisNetwork network)
    {
        var copies = weights.Where(w => !w.Key.StartsWith(SynthesisPrefix, StringComparison.Ordinal)).ToDictionary(w => w.Key, w => w.Value.clone().DetachFromDisposeScope());
        foreach (var (name, weight) in network.state_dict())
        {
            using var detached = weight.detach();
            copies[SynthesisPrefix + name] = detached.to(ScalarType.Float16).contiguous().DetachFromDisposeScope();
        }

        return copies;
    }

    /// <summary>All numbers of the synthesis network, in the order of their names.</summary>
    public static byte[] SynthesisBytes(IReadOnlyDictionary<string, Tensor> weights) =>
        [.. weights.Where(w => w.Key.StartsWith(SynthesisPrefix, StringComparison.Ordinal)).OrderBy(w => w.Key, StringComparer.Ordinal).SelectMany(w => Bytes(w.Value))];

    private static void Fill(nn.Module network, string prefix, IReadOnlyDictionary<string, Tensor> weights)
    {
        using var noGradients = no_grad();
        foreach (var (name, weight) in network.state_dict())
        {
            var stored = weights[prefix + name];
            if (!stored.shape.SequenceEqual(weight.shape))
            {
                throw new ArgumentException($"'{prefix}{name}' has the shape ({string.Join(", ", stored.shape)}) instead of ({string.Join(", ", weight.shape)}).");
            }

            weight.copy_(stored);
        }
    }

    private static T[] Values<T>(IReadOnlyDictionary<string, Tensor> weights, string name)
        where T : unmanaged
    {
        var stored = weights[ContextPrefix + name];
        var expected = typeof(T) == typeof(short) ? ScalarType.Int16 : ScalarType.Int32;
        return stored.dtype == expected
            ? MemoryMarshal.Cast<byte, T>(Bytes(stored)).ToArray()
            : throw new ArgumentException($"'{ContextPrefix}{name}' has the type {stored.dtype} instead of {expected}.");
    }

    private static double[] Doubles(Tensor tensor)
    {
        using var packed = tensor.detach().contiguous().to(ScalarType.Float64);
        return packed.data<double>().ToArray();
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var packed = tensor.contiguous();
        return packed.bytes.ToArray();
    }
}
