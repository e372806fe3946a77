using Autoencoders.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Compression;

/// <summary>
/// An autoencoder whose code is a small grid of symbols, together with a model of how probable each symbol is after
/// those before it: everything that a file of few bytes needs. Trained for rate + lambda · distortion.
/// </summary>
/// <remarks>
/// J. Ballé, V. Laparra, E. P. Simoncelli, "End-to-end optimized image compression", ICLR 2017 (the objective); D. Minnen,
/// J. Ballé, G. Toderici, "Joint autoregressive and hierarchical priors", NeurIPS 2018, and F. Mentzer et al., "Conditional
/// probability models for deep image compression", CVPR 2018 (symbols predicted from symbols, trained together).
/// </remarks>
public sealed class CompressiveAutoencoder : Module<Tensor, Tensor>
{
    private readonly AnalysisNetwork _analysis;
    private readonly SynthesisNetwork _synthesis;
    private readonly ContextNetwork _context;

    /// <summary>Builds the networks with freshly drawn weights.</summary>
    /// <param name="options">Their measures; null for the defaults.</param>
    /// <exception cref="ArgumentException">The grid is neither 14 nor 28, there are fewer than 2 levels or more than 256, or a measure is out of bounds.</exception>
    public CompressiveAutoencoder(CompressiveAutoencoderOptions? options = null)
        : base(nameof(CompressiveAutoencoder))
    {
        Options = options ?? new CompressiveAutoencoderOptions();
        Options.ContextShape.Check();
        CompressiveAutoencoderOptions.Check(Options.AnalysisWidth, Options.AnalysisDepth, Options.SynthesisWidth);
        manual_seed(Options.Seed);
        _analysis = new AnalysisNetwork(Options.Grid, Options.Levels, Options.AnalysisWidth, Options.AnalysisDepth);
        _synthesis = new SynthesisNetwork(Options.Grid, Options.Levels, Options.SynthesisWidth);
        _context = new ContextNetwork(Options.ContextShape);
        register_module("analysis", _analysis);
        register_module("synthesis", _synthesis);
        register_module("context", _context);
    }

    /// <summary>The measures of the networks.</summary>
    public CompressiveAutoencoderOptions Options { get; }

    /// <summary>From images to latents, in units of levels.</summary>
    /// <param name="images">(N, 1, 28, 28) in [0, 1].</param>
    /// <returns>(N, 1, grid, grid).</returns>
    public Tensor Analyse(Tensor images)
    {
        using var scope = NewDisposeScope();
        var blocks = ChannelsLast.Arrange(functional.pixel_unshuffle(images, AnalysisNetwork.Block));
        return functional.pixel_shuffle(_analysis.call(blocks), Options.Grid / 7).MoveToOuterDisposeScope();
    }

    /// <summary>From symbols to images.</summary>
    /// <param name="symbols">(N, 1, grid, grid), from 0 to levels - 1.</param>
    /// <returns>(N, 1, 28, 28) in [0, 1].</returns>
    public Tensor Synthesise(Tensor symbols)
    {
        using var scope = NewDisposeScope();
        var blocks = _synthesis.call(ChannelsLast.Arrange(functional.pixel_unshuffle(symbols.Plus(-(Options.Levels - 1) / 2.0), Options.Grid / 7)));
        // Cut off in value but not in slope: where a pixel is wrong and beyond the end, both networks must feel it.
        var cut = blocks.Plus((blocks.Clamp(0, 1) - blocks).detach());
        return functional.pixel_shuffle(cut, AnalysisNetwork.Block).MoveToOuterDisposeScope();
    }

    /// <summary>How probable each level is at each cell, after the symbols before it.</summary>
    /// <param name="symbols">(N, 1, grid, grid).</param>
    /// <returns>(N, grid, grid, levels): natural logarithms.</returns>
    public Tensor LogProbabilities(Tensor symbols) => _context.call(symbols);

    /// <summary>Images through the code and back, the symbols being rounded.</summary>
    /// <param name="images">(N, 1, 28, 28) in [0, 1].</param>
    /// <returns>(N, 1, 28, 28) in [0, 1].</returns>
    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Synthesise(Quantizer.Apply(Analyse(images), Options.Levels, QuantizerMode.Round)).MoveToOuterDisposeScope();
    }

    /// <summary>What a batch costs and loses.</summary>
    /// <param name="images">(N, 1, 28, 28) in [0, 1].</param>
    /// <param name="mode">Round to measure, or to train all but the analysis network; Dither or StraightThrough to train everything.</param>
    /// <param name="ditherWidth">See <see cref="Quantizer.Apply"/>.</param>
    /// <param name="chance">(N, 1, grid, grid), see <see cref="Quantizer.Apply"/>.</param>
    /// <returns>Two scalars with gradients; the caller disposes of them.</returns>
    /// <exception cref="ArgumentException">The mode is Noise: symbols that are not whole have no probability here.</exception>
    public RateDistortion Measure(Tensor images, QuantizerMode mode, double ditherWidth = 1, Tensor? chance = null)
    {
        if (mode == QuantizerMode.Noise)
        {
            throw new ArgumentException("The context model knows only whole symbols: train with Dither or StraightThrough.", nameof(mode));
        }

        using var scope = NewDisposeScope();
        var latents = LatentsFor(mode, images);
        var symbols = Quantizer.Apply(latents, Options.Levels, mode, ditherWidth, chance);
        var bits = Bits(symbols, latents).sum().Times(1 / (Math.Log(2) * images.shape[0]));
        var error = (Synthesise(symbols) - images).square().sum().Times(1.0 / images.shape[0]);
        return new RateDistortion(bits.MoveToOuterDisposeScope(), error.MoveToOuterDisposeScope());
    }

    /// <summary>The context model in integers, as files are written with it.</summary>
    public ContextTables ExportContext() => _context.Export();

    /// <summary>Takes over a context model of the same shape from its integers.</summary>
    internal void ImportContext(ContextTables tables) => _context.Import(tables);

    internal IEnumerable<TorchSharp.Modules.Parameter> AnalysisParameters => _analysis.parameters();

    internal IEnumerable<TorchSharp.Modules.Parameter> OtherParameters => [.. _synthesis.parameters(), .. _context.parameters()];

    private Tensor LatentsFor(QuantizerMode mode, Tensor images)
    {
        using var noGradients = mode == QuantizerMode.Round ? no_grad() : null;
        return Analyse(images);
    }

    // The information in each symbol, in nats. Its value is that of the symbol as it stands; its slope, besides what the
    // symbol means for those after it, is the difference between the two levels that the latent lies between.
    private Tensor Bits(Tensor symbols, Tensor latents)
    {
        var logProbabilities = LogProbabilities(symbols);
        var flat = symbols.reshape(symbols.shape[0], Options.Grid, Options.Grid, 1);
        var information = -logProbabilities.gather(3, flat.detach().round().to(ScalarType.Int64));
        using var values = logProbabilities.detach();
        using var below = latents.detach().reshape(flat.shape).floor().Clamp(0, Options.Levels - 2).to(ScalarType.Int64);
        using var next = below.add(Factors.One, Factors.One);
        using var difference = values.gather(3, below) - values.gather(3, next);
        return information.Plus(difference * (flat - flat.detach()));
    }
}
