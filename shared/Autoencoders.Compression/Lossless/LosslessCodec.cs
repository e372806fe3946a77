using Autoencoders.Data;
using Autoencoders.Weights;

namespace Autoencoders.Compression;

/// <summary>Writes images of 28x28 pixels to <c>.cal</c> files, and reads them back to the last bit.</summary>
/// <remarks>Writing and reading are done in integers throughout: a file decodes to the same pixels everywhere.</remarks>
public sealed class LosslessCodec
{
    private const int Side = PixelHistory.Side, Pixels = Side * Side;
    private const string FileSuffix = ".safetensors";

    private readonly LosslessModel _model;
    private readonly byte[] _fingerprint;

    private LosslessCodec(string name, LosslessModel model)
    {
        CompressedImages.CheckName(name);
        (Name, _model, _fingerprint) = (name, model, model.Weights.Fingerprint());
    }

    /// <summary>The shipped autoencoder: <em>bits back</em> with a <see cref="VaeNetwork"/>, images in chains.</summary>
    public const string BitsBack = "lossless-vae";

    /// <summary>The shipped context model: a <see cref="PixelNetwork"/>, images in groups of 16.</summary>
    public const string Context = "lossless-pixels";

    /// <summary>The name that the codec's files carry.</summary>
    public string Name { get; }

    /// <summary>One of the codecs that come with the project.</summary>
    /// <param name="name"><see cref="BitsBack"/> or <see cref="Context"/>.</param>
    /// <exception cref="ArgumentException">There is no such codec.</exception>
    public static LosslessCodec Load(string name) => name is BitsBack or Context
        ? LoadFile(ShippedFile(name))
        : throw new ArgumentException($"There is no codec '{name}': there are {BitsBack} and {Context}.", nameof(name));

    /// <summary>The codec that wrote a file, out of those that come with the project.</summary>
    /// <param name="file">The bytes of a <c>.cal</c> file.</param>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public static LosslessCodec LoadFor(ReadOnlySpan<byte> file) => CompressedImages.Parse(file, CompressedFormat.Cal).Model switch
    {
        (BitsBack or Context) and var name => Load(name),
        var other => throw new CaeFormatException($"The file was written by the model '{other}', which does not come with the project."),
    };

    /// <summary>The codec in a file that <see cref="Save"/> wrote; its name is that of the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">The file is damaged or holds something else, or its name cannot name a codec.</exception>
    public static LosslessCodec LoadFile(string path)
    {
        var tensors = Safetensors.Load(path);
        try
        {
            var weights = LosslessWeights.From(tensors);
            return new LosslessCodec(Path.GetFileNameWithoutExtension(path), weights.Names.Any(name => name.StartsWith("vae.", StringComparison.Ordinal)) ? new VaeModel(weights) : new PixelModel(weights));
        }
        catch (ArgumentException e)
        {
            throw new SafetensorsFormatException($"{path} holds no lossless codec: {e.Message}", e);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }

    /// <summary>The codec of a network in its present state; training the network further does not change it.</summary>
    /// <param name="network">A trained <see cref="VaeNetwork"/> or <see cref="PixelNetwork"/>.</param>
    /// <param name="name">The name for the codec's files: 1 to 40 printable ASCII characters.</param>
    /// <exception cref="ArgumentException">The name is another, the network too, or its weights are not finite, or so large that sums of integers could overflow.</exception>
    public static LosslessCodec From(LosslessNetwork network, string name) => new(name, network switch
    {
        VaeNetwork vae => VaeModel.From(vae),
        PixelNetwork pixels => PixelModel.From(pixels),
        _ => throw new ArgumentException($"A {network.GetType().Name} makes no codec.", nameof(network)),
    });

    /// <summary>Writes the codec's integers to a file.</summary>
    public void Save(string path)
    {
        var tensors = _model.Weights.ToTensors();
        Safetensors.Save(path, tensors);
        foreach (var tensor in tensors.Values)
        {
            tensor.Dispose();
        }
    }

    /// <summary>Writes images to a file.</summary>
    /// <param name="images">At most 2^17 images of 28x28 pixels.</param>
    /// <param name="groupSize">
    /// Images that are read together, 1 to 2^14; null for the codec's own: 16 with the context model; chains as long as there can be with bits back.
    /// </param>
    /// <param name="threads">How many threads share the groups; null for as many as there are cores. The bytes are the same.</param>
    /// <returns>The bytes of a <c>.cal</c> file.</returns>
    /// <exception cref="ArgumentException">The images have another size, or are more than a file can hold, or the group size is out of range.</exception>
    public byte[] Encode(ImageSet images, int? groupSize = null, int? threads = null)
    {
        CheckSize(images);
        var size = groupSize ?? _model.DefaultGroupSize;
        CompressedImages.CheckCounts(images.Count, size, CompressedFormat.Cal);
        var groups = new (byte[], long)[(images.Count + size - 1) / size];
        ForAll(groups.Length, threads, group =>
            groups[group] = _model.Encode(images.Pixels.AsSpan(group * size * Pixels, Math.Min(size, images.Count - group * size) * Pixels)));
        return new CompressedImages(CompressedFormat.Cal, Name, _fingerprint, images.Count, Side, Side, size, groups).ToBytes();
    }

    /// <summary>Reads all images of a file.</summary>
    /// <param name="file">The bytes of a <c>.cal</c> file.</param>
    /// <param name="threads">How many threads share the groups; null for as many as there are cores.</param>
    /// <returns>Image by image, row by row: 0 is background, 255 full ink.</returns>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public byte[] Decode(ReadOnlySpan<byte> file, int? threads = null)
    {
        var images = Open(file);
        var pixels = new byte[images.Count * Pixels];
        try
        {
            ForAll(images.Groups, threads, group => Decode(images, group, pixels.AsSpan(group * images.GroupSize * Pixels, images.ImagesIn(group) * Pixels)));
        }
        catch (AggregateException e) when (e.InnerException is CaeFormatException inner)
        {
            throw new CaeFormatException(inner.Message, inner);
        }

        return pixels;
    }

    /// <summary>Reads one image of a file; of the others only those before it in its group.</summary>
    /// <param name="file">The bytes of a <c>.cal</c> file.</param>
    /// <param name="index">Which image, from 0.</param>
    /// <returns>28x28 pixels, row by row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no image with this index.</exception>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public byte[] DecodeOne(ReadOnlySpan<byte> file, int index)
    {
        var images = Open(file);
        var (group, place) = images.PlaceOf(index);
        var pixels = new byte[(place + 1) * Pixels];
        Decode(images, group, pixels);
        return pixels[^Pixels..];
    }

    /// <summary>Where a shipped codec lies.</summary>
    internal static string ShippedFile(string name) => Path.Combine(ProjectFolder.Data, "models", name + FileSuffix);

    /// <summary>Refuses images that no model takes.</summary>
    internal static void CheckSize(ImageSet images)
    {
        if ((images.Height, images.Width) != (Side, Side))
        {
            throw new ArgumentException($"The model takes images of {Side}x{Side} pixels, not {images.Height}x{images.Width}.", nameof(images));
        }
    }

    private static void ForAll(int count, int? threads, Action<int> work) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount }, work);

    private void Decode(CompressedImages images, int group, Span<byte> pixels)
    {
        if (!_model.Decode(images, group, pixels))
        {
            throw new CaeFormatException($"The .cal file is damaged: group {group} does not end where it should.");
        }
    }

    private CompressedImages Open(ReadOnlySpan<byte> file)
    {
        var images = CompressedImages.Parse(file, CompressedFormat.Cal);
        images.CheckWriter(Name, _fingerprint, Side, Side);
        return images;
    }
}
