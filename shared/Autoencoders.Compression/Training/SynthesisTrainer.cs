using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Trains a synthesis network of another width for the symbols that a codec already has: decoding gets faster, files stay as they are.</summary>
public static class SynthesisTrainer
{
    private const int SymbolsAtOnce = 5000, RefitImages = 600;

    /// <summary>Fits the new network to the old one, layer by layer by least squares, and then trains it on rounded symbols.</summary>
    /// <param name="codec">A trained codec; it stays as it is.</param>
    /// <param name="width">Channels of the new network: at most as many as the old one has.</param>
    /// <param name="training">What it is fitted to.</param>
    /// <param name="epochs">How many times the training set is gone through; 0 for least squares alone.</param>
    /// <param name="learningRate">The peak of Adam's learning rate.</param>
    /// <param name="seed">Seeds the order of the images.</param>
    /// <param name="progress">Told the mean squared error of a pixel, in grey levels, after each epoch.</param>
    /// <returns>A codec with the same analysis network and context model; where it was stopped (<see cref="Stop"/>), with the synthesis network as far as it was trained.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width is not one from 1 to the old one, there are fewer images than a batch has (128), or a number is negative.</exception>
    /// <exception cref="ArgumentException">The images have another size than 28x28.</exception>
    /// <exception cref="InvalidOperationException">Gradients are switched off.</exception>
    public static ImageCodec Fit(
        ImageCodec codec, int width, ImageSet training, int epochs, double learningRate = 2e-3, int seed = 42, IProgress<double>? progress = null)
    {
        using var scope = NewDisposeScope();
        var (shape, old) = (codec.Context.Shape, codec.SynthesisWeights);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, old["conv1.bias"].shape[0]);
        CodecTrainingOptions.CheckImages(training, Descent.BatchSize, nameof(training));
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochs, int.MaxValue / (training.Count / Descent.BatchSize));
        if (!(learningRate > 0 && double.IsFinite(learningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate must be a positive number.");
        }

        Gradients.CheckEnabled();
        using var network = new SynthesisNetwork(shape.Grid, shape.Levels, width);
        var (symbols, images) = (Symbols(codec, training), training.ToBytes());
        var middle = (shape.Levels - 1) / 2f;
        Narrow(old, network, (symbols.narrow(0, 0, Math.Min(RefitImages, symbols.shape[0])).to(ScalarType.Float32) - middle).permute(0, 3, 1, 2));
        Descent.Run(
            network, training.Count, epochs, learningRate, seed, costs: 1,
            (parameters, index) => Gradient(network, parameters, symbols, images, index, middle),
            means => progress?.Report(means[0] * byte.MaxValue * byte.MaxValue / (training.Height * training.Width)));
        return codec.WithSynthesis(network);
    }

    // The squared error of the images, and behind it half its gradient.
    private static Tensor Gradient(SynthesisNetwork network, FlatParameters parameters, Tensor symbols, Tensor images, Tensor index, float middle)
    {
        var centred = symbols.index_select(0, index).to(ScalarType.Float32).Plus(-middle);
        var target = ChannelsLast.Arrange(nn.functional.pixel_unshuffle(Trainer.ToPixels(images.index_select(0, index)), AnalysisNetwork.Block));
        Gradients.CheckEnabled();
        var drawn = network.call(centred.permute(0, 3, 1, 2));
        // Half the slope of the squared error. Pixels are cut off in value but not in slope, as the whole model is trained.
        var slope = drawn.detach().Clamp(0, 1) - target;
        return cat([slope.square().sum().reshape(1), parameters.Flatten(autograd.grad([drawn], parameters.Each, [slope]))]);
    }

    // (N, 7, 7, symbols in a cell), bytes.
    private static Tensor Symbols(ImageCodec codec, ImageSet images)
    {
        var shape = codec.Context.Shape;
        var all = new List<Tensor>();
        for (var start = 0; start < images.Count; start += SymbolsAtOnce)
        {
            using var batch = images.ToTensor([.. Enumerable.Range(start, Math.Min(SymbolsAtOnce, images.Count - start))]);
            var rows = tensor(codec.Symbols(batch), ScalarType.Byte).reshape(-1, 7, shape.Grid / 7, 7, shape.Grid / 7);
            all.Add(rows.permute(0, 1, 3, 2, 4).reshape(-1, 7, 7, shape.Cells / 49).contiguous());
        }

        return cat(all, 0);
    }

    // Keeps the channels whose outputs vary and count most, and fits each layer behind them, by least squares, to what
    // it computed from all channels.
    private static void Narrow(IReadOnlyDictionary<string, Tensor> old, SynthesisNetwork network, Tensor centred)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var narrow = network.state_dict();
        var width = narrow["conv1.bias"].shape[0];
        var first = (nn.functional.conv2d(centred, old["conv1.weight"], old["conv1.bias"], padding: [1, 1]) + old["position"]).relu();
        var second = nn.functional.conv2d(first, old["conv2.weight"], old["conv2.bias"], padding: [1, 1]);
        var last = nn.functional.conv2d(second.relu(), old["out.weight"], old["out.bias"], padding: [1, 1]);
        var kept = MostImportant(first, old["conv2.weight"], width);
        narrow["conv1.weight"].copy_(old["conv1.weight"].index_select(0, kept));
        narrow["conv1.bias"].copy_(old["conv1.bias"].index_select(0, kept));
        narrow["position"].copy_(old["position"].index_select(1, kept));
        first = first.index_select(1, kept);
        Refit(first, second.index_select(1, MostImportant(second.relu(), old["out.weight"], width)), narrow["conv2.weight"], narrow["conv2.bias"]);
        second = nn.functional.conv2d(first, narrow["conv2.weight"], narrow["conv2.bias"], padding: [1, 1]).relu();
        Refit(second, last, narrow["out.weight"], narrow["out.bias"]);
        narrow["direct.weight"].copy_(old["direct.weight"]);
    }

    private static Tensor MostImportant(Tensor outputs, Tensor nextWeights, long count) =>
        (outputs.var([0, 2, 3], true) * nextWeights.square().sum([0, 2, 3])).topk((int)count).indexes.sort().Values;

    // The 3x3 convolution that comes closest to the targets: the normal equations, with a little ridge.
    private static void Refit(Tensor inputs, Tensor targets, Tensor weight, Tensor bias)
    {
        const double ridge = 1e-6;
        var windows = nn.functional.unfold(inputs, (3, 3), padding: (1, 1)).permute(0, 2, 1).flatten(0, 1).to(ScalarType.Float64);
        windows = cat([windows, ones(windows.shape[0], 1, dtype: ScalarType.Float64)], 1);
        var wanted = targets.permute(0, 2, 3, 1).flatten(0, 2).to(ScalarType.Float64);
        var products = windows.t().matmul(windows) + eye(windows.shape[1], dtype: ScalarType.Float64) * (ridge * windows.shape[0]);
        var solved = linalg.solve(products, windows.t().matmul(wanted)).t();
        weight.copy_(solved.narrow(1, 0, windows.shape[1] - 1).reshape(weight.shape));
        bias.copy_(solved.select(1, windows.shape[1] - 1));
    }
}
