using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Autoencoders.Models;

/// <summary>
/// The convolutional autoencoder that chapter 02 builds layer by layer: 12,193 parameters and a code of (16, 7, 7)
/// by default, after F. Chollet, "Building Autoencoders in Keras" (2016).
/// </summary>
public sealed class ConvAutoencoder : Autoencoder
{
    private readonly Sequential _encoder;
    private readonly Sequential _decoder;
    private readonly LayerChain _encoding, _decoding;

    /// <summary>Builds the network with freshly drawn weights.</summary>
    /// <param name="options">The variant; null for the network of chapter 02.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bottleneck has fewer than one number.</exception>
    public ConvAutoencoder(ConvAutoencoderOptions? options = null)
        : base(nameof(ConvAutoencoder))
    {
        Options = options ?? new ConvAutoencoderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.Bottleneck ?? 1, 1, nameof(options));
        manual_seed(Options.Seed);
        _encoder = Sequential([.. Encoder(), .. Squeeze()]);
        _decoder = Sequential([.. Expand(), .. Options.TransposedConvolutions ? TransposedDecoder() : UpsamplingDecoder()]);
        register_module("encoder", _encoder);
        register_module("decoder", _decoder);
        (_encoding, _decoding) = (new LayerChain(_encoder, Options.CombineLayers), new LayerChain(_decoder, Options.CombineLayers));
        if (Options.ChannelsLast)
        {
            ChannelsLast.Arrange(this);
        }
    }

    /// <summary>The variant that was built.</summary>
    public ConvAutoencoderOptions Options { get; }

    /// <inheritdoc/>
    /// <returns>(N, 16, 7, 7), or (N, n) with a dense bottleneck of n numbers.</returns>
    public override Tensor Encode(Tensor images) => _encoding.Call(images);

    /// <inheritdoc/>
    public override Tensor DecodeLogits(Tensor code) => _decoding.Call(code);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _encoder.Dispose();
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private (string, Module<Tensor, Tensor>)[] Encoder() =>
    [                                                                // (N,  1, 28, 28)
        ("conv1", Conv2d(1, 32, kernel_size: 3, padding: 1)),        // (N, 32, 28, 28)
        ("relu1", ReLU(Options.InPlaceActivations)),
        ("pool1", MaxPool2d(2)),                                     // (N, 32, 14, 14)
        ("conv2", Conv2d(32, 16, kernel_size: 3, padding: 1)),       // (N, 16, 14, 14)
        ("relu2", ReLU(Options.InPlaceActivations)),
        ("pool2", MaxPool2d(2)),                                     // (N, 16,  7,  7)
    ];

    private (string, Module<Tensor, Tensor>)[] Squeeze() => Options.Bottleneck is not { } numbers ? [] :
    [
        ("flatten", Flatten()),                                      // (N, 784)
        ("dense", Linear(16 * 7 * 7, numbers)),                      // (N, n)
    ];

    private (string, Module<Tensor, Tensor>)[] Expand() => Options.Bottleneck is not { } numbers ? [] :
    [
        ("dense", Linear(numbers, 16 * 7 * 7)),                      // (N, 784)
        ("relu0", ReLU(Options.InPlaceActivations)),
        ("unflatten", Unflatten(1, [16, 7, 7])),                     // (N, 16, 7, 7)
    ];

    private (string, Module<Tensor, Tensor>)[] UpsamplingDecoder() =>
    [
        ("conv1", Conv2d(16, 16, kernel_size: 3, padding: 1)),       // (N, 16,  7,  7)
        ("relu1", ReLU(Options.InPlaceActivations)),
        ("upsample1", Upsample(scale_factor: [2, 2])),               // (N, 16, 14, 14)
        ("conv2", Conv2d(16, 32, kernel_size: 3, padding: 1)),       // (N, 32, 14, 14)
        ("relu2", ReLU(Options.InPlaceActivations)),
        ("upsample2", Upsample(scale_factor: [2, 2])),               // (N, 32, 28, 28)
        ("conv3", Conv2d(32, 1, kernel_size: 3, padding: 1)),        // (N,  1, 28, 28)
    ];

    private (string, Module<Tensor, Tensor>)[] TransposedDecoder() =>
    [
        ("conv1", ConvTranspose2d(16, 16, kernel_size: 3, stride: 2, padding: 1, output_padding: 1)),   // (N, 16, 14, 14)
        ("relu1", ReLU(Options.InPlaceActivations)),
        ("conv2", ConvTranspose2d(16, 32, kernel_size: 3, stride: 2, padding: 1, output_padding: 1)),   // (N, 32, 28, 28)
        ("relu2", ReLU(Options.InPlaceActivations)),
        ("conv3", Conv2d(32, 1, kernel_size: 3, padding: 1)),                                           // (N,  1, 28, 28)
    ];
}
