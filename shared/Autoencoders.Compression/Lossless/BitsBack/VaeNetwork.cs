using Autoencoders.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>
/// A small variational autoencoder over grey levels, as it is trained, in floating point. Its bits are what coding with <em>bits
/// back</em> takes: log q(z|x) - log p(z) - log p(x|z), all to the base 2.
/// </summary>
/// <remarks>
/// <para>The latents' prior and posterior are logistic distributions. So is a pixel's, over an axis on which the 256 levels have learned
/// places, mixed with background for certain: p(x &lt;= v | z) = b + (1 - b) · s((t_v - m) · e^w), with s the logistic function.</para>
/// <para>D. P. Kingma, M. Welling, "Auto-encoding variational Bayes", ICLR 2014; J. Townsend, T. Bird, D. Barber, "Practical lossless
/// compression with latent variables using bits back coding", ICLR 2019; F. H. Kingma, P. Abbeel, J. Ho, "Bit-Swap", ICML 2019
/// (logistic latents).</para>
/// </remarks>
public sealed class VaeNetwork : LosslessNetwork
{
    private const int Cells = 7, Levels = 256;
    // What widths may be, as logarithms of their inverse.
    internal const double LowestScale = -3, HighestScale = 6;
    private const double FarAway = 60, SmallestStep = 1e-6;

    // In one field that is no module, because TorchSharp would register fields of its own accord a second time.
    private readonly (Dictionary<string, (Conv2d Layer, Parameter Position)> All, Parameter First, Parameter Steps) _layers;

    /// <summary>Builds the networks with freshly drawn weights.</summary>
    /// <param name="shape">Their measures.</param>
    /// <param name="seed">Seeds the weights, and with them torch's global random state.</param>
    /// <exception cref="ArgumentException">A measure is out of bounds.</exception>
    public VaeNetwork(VaeShape shape, int seed = 42)
        : base("vae")
    {
        shape.Check();
        TorchRuntime.Initialize();
        manual_seed(seed);
        Shape = shape;
        var layers = new Dictionary<string, (Conv2d, Parameter)>();
        foreach (var (name, inputs, outputs) in shape.Layers)
        {
            var layer = Conv2d(inputs, outputs, kernel_size: 3, padding: 1, bias: false);       // (N, outputs, 7, 7)
            var position = Parameter(zeros(1, outputs, Cells, Cells));
            if (name[^1] == '3')
            {
                using var noGradients = no_grad();
                layer.weight.mul_(0.1);
            }

            layers[name] = (layer, position);
            register_module(name, layer);
            register_parameter($"{name}_position", position);
        }

        // At first as if background took a third, the three darkest levels another, and all others the rest.
        double[] places = [.. Enumerable.Range(0, Levels - 1).Select(level => (level + 90.0) / (90 + 252 + 90)).Select((share, level) => Math.Log(share / (1 - share)) + (level > 251 ? 0.5 * (level - 251) : 0))];
        var first = Parameter(tensor((float)places[0]).reshape(1));
        var steps = Parameter(tensor([.. places.Zip(places.Skip(1), (low, high) => (float)Math.Log(high - low))]));
        register_parameter("first", first);
        register_parameter("steps", steps);
        _layers = (layers, first, steps);
        ChannelsLast.Arrange(this);
    }

    /// <summary>The measures of the networks.</summary>
    public VaeShape Shape { get; }

    internal override long[] ChanceShape => [Shape.Latents, Cells, Cells];

    /// <summary>What an image costs, in three parts.</summary>
    /// <param name="images">(N, 1, 28, 28), bytes.</param>
    /// <param name="chance">(N, latents, 7, 7), in [0, 1): draws the latents.</param>
    /// <returns>Three scalars, in bits for all images together: the pixels after the latents, the latents by their prior, and what comes back.</returns>
    public (Tensor Pixels, Tensor Prior, Tensor Back) Parts(Tensor images, Tensor chance)
    {
        using var scope = NewDisposeScope();
        var (middle, scale) = Posterior(images);
        using Scalar nearOne = 1 - 1e-6, nearZero = 5e-7;
        var draw = chance.mul(nearOne).add(nearZero, Factors.One).logit();
        var latents = middle.Plus(draw * (-scale).exp());
        var back = scale.Plus(LogDensity(draw)).sum();
        var pixels = LogProbabilities(images, latents).sum();
        return (Bits(pixels), Bits(LogDensity(latents).sum()), Bits(back));

        static Tensor Bits(Tensor logarithms) => logarithms.Times(-1 / Math.Log(2)).MoveToOuterDisposeScope();
    }

    internal override Tensor Bits(Tensor images, Tensor chance, bool training)
    {
        using var scope = NewDisposeScope();
        var (pixels, prior, back) = Parts(images, chance);
        return pixels.Plus(prior - back).MoveToOuterDisposeScope();
    }

    /// <summary>The layers by their names, with what is added at each place: for <see cref="VaeModel"/>.</summary>
    internal IReadOnlyDictionary<string, (Conv2d Layer, Parameter Position)> Layers => _layers.All;

    /// <summary>(255): the axis' places between one level and the next, rising.</summary>
    internal Tensor Places() => cat([_layers.First, _layers.First.Plus(_layers.Steps.exp().cumsum(0))]);

    /// <summary>Middle and logarithm of the inverse width of each latent, after the image: (N, latents, 7, 7) both.</summary>
    internal (Tensor Middle, Tensor Scale) Posterior(Tensor images)
    {
        var blocks = functional.pixel_unshuffle(images.to(ScalarType.Float32).Times(1.0 / Levels), AnalysisNetwork.Block);
        var both = Apply("encoder", ChannelsLast.Arrange(blocks)).chunk(2, 1);
        return (both[0], both[1].Clamp(LowestScale, HighestScale));
    }

    /// <summary>Three numbers for each pixel, (N, 3, 28, 28): background's logit, and middle and logarithm of the inverse width of the rest.</summary>
    internal Tensor Pixels(Tensor latents) => functional.pixel_shuffle(Apply("decoder", latents), AnalysisNetwork.Block);

    private Tensor LogProbabilities(Tensor images, Tensor latents)
    {
        var parameters = Pixels(latents);
        var (background, middle, scale) = (parameters.select(1, 0), parameters.select(1, 1), parameters.select(1, 2).Clamp(LowestScale, HighestScale).exp());
        var (end, level) = (full([1], FarAway), images.select(1, 0).to(ScalarType.Int64));
        var places = cat([-end, Places(), end]);
        var below = (places.index_select(0, level.flatten()).reshape(level.shape) - middle) * scale;
        var above = (places.index_select(0, level.flatten().Plus(1).to(ScalarType.Int64)).reshape(level.shape) - middle) * scale;
        // s(above) - s(below), in logarithms: accurate also where both are nearly 0 or 1.
        using Scalar smallest = SmallestStep;
        var step = (above - below).clamp_min(smallest);
        var rest = functional.logsigmoid(-background).Plus((-step).expm1().neg().log()).Plus(functional.logsigmoid(above)).Plus(functional.logsigmoid(-below));
        return where(level.eq(0), logaddexp(functional.logsigmoid(background), rest), rest);
    }

    private Tensor Apply(string network, Tensor x)
    {
        foreach (var number in (int[])[1, 2, 3])
        {
            var (layer, position) = _layers.All[$"{network}{number}"];
            x = layer.call(x).add(position, Factors.One);
            x = number < 3 ? functional.relu(x, inplace: true) : x;
        }

        return x;
    }

    // Of the logistic distribution.
    private static Tensor LogDensity(Tensor x) => functional.logsigmoid(x).Plus(functional.logsigmoid(-x));
}
