using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>A codec as named tensors: the networks in half precision, the context model in integers, and its measures.</summary>
internal static class CodecWeights
{
    private const string AnalysisPrefix = "analysis.", SynthesisPrefix = "synthesis.", ContextPrefix = "context.", SearchName = "search.lambda";

    /// <summary>The tensors of a model.</summary>
    public static Dictionary<string, Tensor> Of(CompressiveAutoencoder model)
    {
        var weights = new Dictionary<string, Tensor>();
        foreach (var (name, weight) in model.state_dict().Where(w => !w.Key.StartsWith(ContextPrefix, StringComparison.Ordinal)))
        {
            using var detached = weight.detach();
            weights[name] = detached.to(ScalarType.Float16).DetachFromDisposeScope();
        }

        var (shape, tables) = (model.Options.ContextShape, model.ExportContext());
        weights[ContextPrefix + "shape"] = tensor((int[])[shape.Grid, shape.Levels, shape.Rows, shape.Columns, shape.Hidden, shape.Hidden2]).DetachFromDisposeScope();
        foreach (var (name, value) in tables.Named)
        {
            weights[ContextPrefix + name] = (value switch
            {
                short[] shorts => tensor(shorts, ScalarType.Int16),
                int[] integers => tensor(integers, ScalarType.Int32),
                _ => throw new NotSupportedException(),
            }).DetachFromDisposeScope();
        }

        return weights;
    }

    /// <summary>The context model among the tensors.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, or has the wrong type or size.</exception>
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

    /// <summary>How many bits a unit of squared error is worth in the codec's search; null where the file does not say.</summary>
    /// <exception cref="ArgumentException">It is no positive number.</exception>
    public static double? SearchLambda(IReadOnlyDictionary<string, Tensor> weights)
    {
        if (!weights.TryGetValue(SearchName, out var stored))
        {
            return null;
        }

        return stored.dtype == ScalarType.Float32 && stored.numel() == 1 && stored.ToSingle() is > 0 and < float.PositiveInfinity and var lambda
            ? lambda
            : throw new ArgumentException($"'{SearchName}' should be one positive number, Float32.");
    }

    /// <summary>Holds the tensors of the two networks against each other, before a network is built or native code sees one of them.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or belongs to no codec, has the wrong type or shape, or a number that is not finite.</exception>
    public static void Check(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        using var scope = NewDisposeScope();
        var (width, depth, synthesisWidth) = (AnalysisWidth(weights), AnalysisDepth(weights), (int)Get(weights, $"{SynthesisPrefix}conv1.bias").numel());
        CompressiveAutoencoderOptions.Check(width, depth, synthesisWidth);
        var expected = Shapes(shape.Cells / 49, width, depth, synthesisWidth);
        foreach (var (name, lengths) in expected)
        {
            var stored = Get(weights, name);
            if (stored.dtype != ScalarType.Float16 || !stored.shape.SequenceEqual(lengths) || !stored.isfinite().all().ToBoolean())
            {
                throw new ArgumentException(
                    $"'{name}' should be Float16 of the shape ({string.Join(", ", lengths)}), all numbers finite, and is {stored.dtype} of the shape ({string.Join(", ", stored.shape)}).");
            }
        }

        if (weights.Keys.FirstOrDefault(name => !expected.ContainsKey(name) && !name.StartsWith(ContextPrefix, StringComparison.Ordinal) && name != SearchName) is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' belongs to no codec.");
        }
    }

    /// <summary>A model with the weights of the tensors, which <see cref="Check"/> has seen: the context model's as they were rounded.</summary>
    public static CompressiveAutoencoder Model(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        var model = new CompressiveAutoencoder(new()
        {
            Grid = shape.Grid,
            Levels = shape.Levels,
            AnalysisWidth = AnalysisWidth(weights),
            AnalysisDepth = AnalysisDepth(weights),
            SynthesisWidth = (int)Get(weights, $"{SynthesisPrefix}conv1.bias").numel(),
            ContextRows = shape.Rows,
            ContextColumns = shape.Columns,
            ContextHidden = shape.Hidden,
            ContextHidden2 = shape.Hidden2,
        });
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (name, weight) in model.state_dict().Where(w => weights.ContainsKey(w.Key)))
        {
            weight.copy_(weights[name]);
        }

        model.ImportContext(Tables(weights));
        return model;
    }

    /// <summary>The analysis network among the tensors, which <see cref="Check"/> has seen.</summary>
    public static AnalysisNetwork Analysis(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        var network = new AnalysisNetwork(shape.Grid, shape.Levels, AnalysisWidth(weights), AnalysisDepth(weights));
        using var noGradients = no_grad();
        foreach (var (name, weight) in network.state_dict())
        {
            weight.copy_(weights[AnalysisPrefix + name]);
        }

        return network;
    }

    /// <summary>The synthesis network among the tensors, which <see cref="Check"/> has seen, in integers.</summary>
    /// <exception cref="ArgumentException">The weights are so large that a sum could overflow.</exception>
    public static IntegerSynthesis Synthesis(IReadOnlyDictionary<string, Tensor> weights, ContextShape shape)
    {
        using var scope = NewDisposeScope();
        return new IntegerSynthesis(shape, SynthesisTensors(weights).ToDictionary(w => w.Key, w => w.Value.to(ScalarType.Float64).data<double>().ToArray()));
    }

    /// <summary>The tensors of the synthesis network, by its own names, in full precision.</summary>
    public static IReadOnlyDictionary<string, Tensor> SynthesisTensors(IReadOnlyDictionary<string, Tensor> weights) => weights
        .Where(w => w.Key.StartsWith(SynthesisPrefix, StringComparison.Ordinal))
        .ToDictionary(w => w.Key[SynthesisPrefix.Length..], w => w.Value.to(ScalarType.Float32));

    /// <summary>Copies of all tensors, with another lambda of the search.</summary>
    public static Dictionary<string, Tensor> WithSearchLambda(IReadOnlyDictionary<string, Tensor> weights, double lambda)
    {
        var copies = weights.Where(w => w.Key != SearchName).ToDictionary(w => w.Key, w => w.Value.clone().DetachFromDisposeScope());
        copies[SearchName] = tensor(new[] { (float)lambda }).DetachFromDisposeScope();
        return copies;
    }

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

    private static int AnalysisWidth(IReadOnlyDictionary<string, Tensor> weights) => (int)Get(weights, $"{AnalysisPrefix}layers.conv1.bias").numel();

    private static int AnalysisDepth(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.Keys.Count(name => name.StartsWith($"{AnalysisPrefix}layers.conv", StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal));

    private static Dictionary<string, long[]> Shapes(int symbols, int analysisWidth, int depth, int width)
    {
        const int pixels = AnalysisNetwork.Block * AnalysisNetwork.Block;
        var shapes = new Dictionary<string, long[]> { [$"{SynthesisPrefix}position"] = [1, width, 7, 7], [$"{SynthesisPrefix}direct.weight"] = [pixels, symbols, 1, 1] };
        for (var i = 1; i <= depth; i++)
        {
            Add($"{AnalysisPrefix}layers.conv{i}", analysisWidth, i == 1 ? pixels : analysisWidth);
        }

        Add($"{AnalysisPrefix}layers.out", symbols, analysisWidth);
        Add($"{SynthesisPrefix}conv1", width, symbols);
        Add($"{SynthesisPrefix}conv2", width, width);
        Add($"{SynthesisPrefix}out", pixels, width);
        return shapes;

        void Add(string layer, int outputs, int inputs) => (shapes[$"{layer}.weight"], shapes[$"{layer}.bias"]) = ([outputs, inputs, 3, 3], [outputs]);
    }

    private static Tensor Get(IReadOnlyDictionary<string, Tensor> weights, string name) =>
        weights.TryGetValue(name, out var tensor) ? tensor : throw new ArgumentException($"'{name}' is missing.");

    private static T[] Values<T>(IReadOnlyDictionary<string, Tensor> weights, string name)
        where T : unmanaged
    {
        var stored = Get(weights, ContextPrefix + name);
        var expected = typeof(T) == typeof(short) ? ScalarType.Int16 : ScalarType.Int32;
        return stored.dtype == expected
            ? MemoryMarshal.Cast<byte, T>(Bytes(stored)).ToArray()
            : throw new ArgumentException($"'{ContextPrefix}{name}' has the type {stored.dtype} instead of {expected}.");
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var packed = tensor.contiguous();
        return packed.bytes.ToArray();
    }
}
