using Autoencoders.Data;
using Autoencoders.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Trains a synthesis network of another width for the symbols that a codec already has: decoding gets faster, files stay as they are.</summary>
public static class SynthesisTrainer
{
    private const int BatchSize = 128, SymbolsAtOnce = 5000;

    /// <summary>Trains the new network on rounded symbols, starting from the most important channels of the old one.</summary>
    /// <param name="codec">A trained codec; it stays as it is.</param>
    /// <param name="width">Channels of the new network: at most as many as the old one has.</param>
    /// <param name="training">What it is fitted to.</param>
    /// <param name="epochs">How many times the training set is gone through.</param>
    /// <param name="learningRate">The peak of Adam's learning rate.</param>
    /// <param name="seed">Seeds the order of the images.</param>
    /// <param name="progress">Told the mean squared error of a pixel, in grey levels, after each epoch.</param>
    /// <returns>A codec with the same analysis network and context model.</returns>
    public static ImageCodec Fit(
        ImageCodec codec, int width, ImageSet training, int epochs, double learningRate = 2e-3, int seed = 42, IProgress<double>? progress = null)
    {
        using var scope = NewDisposeScope();
        var shape = codec.Context.Shape;
        using var network = new SynthesisNetwork(shape.Grid, shape.Levels, width);
        CopyMostImportant(codec.SynthesisWeights, network);
        var (symbols, images) = (Symbols(codec, training), training.ToBytes());
        using var optimizer = optim.Adam(network.parameters(), beta1: 0.9, beta2: 0.99);
        var batches = training.Count / BatchSize;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (batch, error) = (0, 0.0);
            foreach (var indices in Minibatches.Epoch(training.Count, BatchSize, seed, epoch + 1).Take(batches))
            {
                var done = (epoch + (double)batch++ / batches) / epochs;
                optimizer.ParamGroups.Single().LearningRate = learningRate * Math.Min(1, 20 * done + 0.05) * (0.001 + 0.5 * (1 + Math.Cos(Math.PI * done)));
                error += Step(network, optimizer, symbols, images, indices, (shape.Levels - 1) / 2f);
            }

            progress?.Report(error / batches * byte.MaxValue * byte.MaxValue / (training.Height * training.Width));
        }

        return codec.WithSynthesis(network);
    }

    private static double Step(SynthesisNetwork network, torch.optim.Optimizer optimizer, Tensor symbols, Tensor images, int[] indices, float middle)
    {
        using var scope = NewDisposeScope();
        var index = tensor(indices);
        var centred = symbols.index_select(0, index).to(ScalarType.Float32) - middle;
        var target = ChannelsLast.Arrange(nn.functional.pixel_unshuffle(CodecTrainer.Pixels(images.index_select(0, index)), AnalysisNetwork.Block));
        var drawn = network.call(centred.permute(0, 3, 1, 2));
        // Cut off in value but not in slope, as the whole model is trained.
        var cut = drawn + (drawn.clamp(0, 1) - drawn).detach();
        var error = (cut - target).square().sum() / indices.Length;
        optimizer.zero_grad();
        error.backward();
        optimizer.step();
        return error.ToDouble();
    }

    // (N, 7, 7, symbols in a cell), bytes.
    private static Tensor Symbols(ImageCodec codec, ImageSet images)
    {
        var shape = codec.Context.Shape;
        var all = new List<Tensor>();
        for (var start = 0; start < images.Count; start += SymbolsAtOnce)
        {
            using var batch = images.Select([.. Enumerable.Range(start, Math.Min(SymbolsAtOnce, images.Count - start))]).ToTensor();
            var rows = tensor(codec.Symbols(batch), ScalarType.Byte).reshape(-1, 7, shape.Grid / 7, 7, shape.Grid / 7);
            all.Add(rows.permute(0, 1, 3, 2, 4).reshape(-1, 7, 7, shape.Cells / 49).contiguous());
        }

        return cat(all, 0);
    }

    private static void CopyMostImportant(IReadOnlyDictionary<string, Tensor> old, SynthesisNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var state = network.state_dict();
        var (first, second, last) = (old["conv1.weight"], old["conv2.weight"], old["out.weight"]);
        var kept1 = Largest(first.square().sum([1, 2, 3]) * second.square().sum([0, 2, 3]), state["conv1.bias"].shape[0]);
        var kept2 = Largest(second.square().sum([1, 2, 3]) * last.square().sum([0, 2, 3]), state["conv2.bias"].shape[0]);
        state["conv1.weight"].copy_(first.index_select(0, kept1));
        state["conv1.bias"].copy_(old["conv1.bias"].index_select(0, kept1));
        state["position"].copy_(old["position"].index_select(1, kept1));
        state["conv2.weight"].copy_(second.index_select(0, kept2).index_select(1, kept1));
        state["conv2.bias"].copy_(old["conv2.bias"].index_select(0, kept2));
        state["out.weight"].copy_(last.index_select(1, kept2));
        state["out.bias"].copy_(old["out.bias"]);
        state["direct.weight"].copy_(old["direct.weight"]);
    }

    private static Tensor Largest(Tensor importance, long count) => importance.topk((int)count).indexes.sort().Values;
}
