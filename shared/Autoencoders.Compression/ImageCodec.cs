using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Writes images of 28x28 pixels to <c>.cae</c> files of a few bytes each, and reads them back.</summary>
/// <remarks>
/// Floating point decides which symbols stand for an image, and nothing else. From symbols to bytes, and from bytes to
/// symbols and pixels, all is integers: a file decodes to the same pixels everywhere.
/// </remarks>
public sealed class ImageCodec : IDisposable
{
    /// <summary>Images in a group of the file, where nothing else is asked for: see <see cref="CompressedImages"/>.</summary>
    public const int DefaultGroupSize = 16;

    /// <summary>Pixels along the side of an image.</summary>
    internal const int Side = 28;

    private const int BatchSize = 96, GroupsAtOnce = 16;
    private const string FilePrefix = "cae-", FileSuffix = ".safetensors";

    private readonly Dictionary<string, Tensor> _weights;
    private readonly AnalysisNetwork _analysis;
    private readonly IntegerSynthesis _synthesis;
    private readonly ContextModel _context;
    private readonly BlockOrder _symbolOrder;
    private readonly byte[] _fingerprint;

    private ImageCodec(string name, Dictionary<string, Tensor> weights)
    {
        (Name, _weights) = (name, weights);
        try
        {
            CompressedImages.CheckName(name);
            var tables = CodecWeights.Tables(weights);
            CodecWeights.Check(weights, tables.Shape);
            _synthesis = CodecWeights.Synthesis(weights, tables.Shape);
            _context = new ContextModel(tables);
            _symbolOrder = new BlockOrder(tables.Shape.Grid / 7);
            _fingerprint = SHA256.HashData([.. CodecWeights.SynthesisBytes(weights), .. tables.ToBytes()])[..8];
            _analysis = CodecWeights.Analysis(weights, tables.Shape);
            SearchLambda = CodecWeights.SearchLambda(weights);
        }
        catch
        {
            DisposeWeights();
            throw;
        }
    }

    /// <summary>The name that the codec's files carry, such as <c>cae-25</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// How many bits a unit of squared error is worth in a search that keeps about the codec's quality: for the parameter of <see cref="Encode(ImageSet, int, double?)"/>.
    /// Null where the codec's file names none.
    /// </summary>
    public double? SearchLambda { get; }

    /// <summary>The model of the symbols.</summary>
    public ContextModel Context => _context;

    /// <summary>The qualities that come with the project: the PSNR in decibels, rounded down, that each reaches on the test digits.</summary>
    public static IReadOnlyList<int> Qualities =>
        [.. Directory.EnumerateFiles(ModelFolder, FilePrefix + "*" + FileSuffix).Select(Quality).Where(quality => quality > 0).Order()];

    private static string ModelFolder => Path.Combine(ProjectFolder.Data, "models");

    /// <summary>The codec of one of the <see cref="Qualities"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such quality.</exception>
    public static ImageCodec Load(int quality) => Qualities.Contains(quality)
        ? LoadFile(Path.Combine(ModelFolder, $"{FilePrefix}{quality}{FileSuffix}"))
        : throw new ArgumentOutOfRangeException(nameof(quality), quality, $"Qualities are {string.Join(", ", Qualities)}.");

    /// <summary>The codec that wrote a file, out of those that come with the project.</summary>
    /// <param name="file">The bytes of a <c>.cae</c> file.</param>
    /// <exception cref="CaeFormatException">The file is damaged, or its model is not among <see cref="Qualities"/>.</exception>
    public static ImageCodec LoadFor(ReadOnlySpan<byte> file)
    {
        var model = CompressedImages.Parse(file).Model;
        return Qualities.Any(quality => model == $"{FilePrefix}{quality}")
            ? LoadFile(Path.Combine(ModelFolder, model + FileSuffix))
            : throw new CaeFormatException($"The file was written by the model '{model}', which is not in {ModelFolder}.");
    }

    /// <summary>The codec in a file that <see cref="Save"/> wrote; its name is that of the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsFormatException">
    /// The file is damaged or holds something else: tensors of other names, types or shapes, or numbers that are not finite. Or its name
    /// cannot name a codec.
    /// </exception>
    public static ImageCodec LoadFile(string path)
    {
        var weights = Safetensors.Load(path);
        try
        {
            return new ImageCodec(Path.GetFileNameWithoutExtension(path), weights);
        }
        catch (ArgumentException e)
        {
            throw new SafetensorsFormatException($"{path} holds no image codec: {e.Message}", e);
        }
    }

    /// <summary>The codec of a model in its present state; training the model further does not change it.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="name">The name for the codec's files: 1 to 40 printable ASCII characters.</param>
    /// <exception cref="ArgumentException">The name is another, or the weights are not finite, or so large that sums of integers could overflow.</exception>
    public static ImageCodec From(CompressiveAutoencoder model, string name) => new(name, CodecWeights.Of(model));

    /// <summary>The weights of the synthesis network by their names, in full precision.</summary>
    internal IReadOnlyDictionary<string, Tensor> SynthesisWeights => CodecWeights.SynthesisTensors(_weights);

    /// <summary>The same codec with a <see cref="SearchLambda"/>.</summary>
    /// <param name="lambda">Positive.</param>
    internal ImageCodec WithSearchLambda(double lambda) => new(Name, CodecWeights.WithSearchLambda(_weights, lambda));

    /// <summary>The images of symbols, as <see cref="DecodePixels"/> gives them.</summary>
    internal byte[] Draw(ReadOnlySpan<byte> symbols)
    {
        var (state, cells) = (_synthesis.CreateState(), _context.Shape.Cells);
        var pixels = new byte[symbols.Length / cells * Side * Side];
        for (var i = 0; i < symbols.Length / cells; i++)
        {
            _synthesis.Draw(symbols.Slice(i * cells, cells), pixels.AsSpan(i * Side * Side, Side * Side), state);
        }

        return pixels;
    }

    /// <summary>The codec as a model to go on training with.</summary>
    internal CompressiveAutoencoder ToModel() => CodecWeights.Model(_weights, _context.Shape);

    /// <summary>The same codec with another synthesis network.</summary>
    internal ImageCodec WithSynthesis(SynthesisNetwork network) => new(Name, CodecWeights.WithSynthesis(_weights, network));

    /// <summary>Writes the codec to a file: the weights of the two networks in half precision, the context model in integers.</summary>
    public void Save(string path) => Safetensors.Save(path, _weights);

    /// <summary>The symbols of images: what a file stores.</summary>
    /// <param name="images">(N, 1, 28, 28), float32, in [0, 1], on the CPU.</param>
    /// <param name="lambda">
    /// How many bits a unit of squared error is worth, pixels in [0, 1], in the search for cheaper symbols, which takes some milliseconds an
    /// image (see <see cref="SymbolSearch"/>); null for the symbols of the analysis network as they are.
    /// </param>
    /// <returns>Image by image, row by row, from 0 to levels - 1.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type, or a pixel is not in [0, 1].</exception>
    public byte[] Symbols(Tensor images, double? lambda = null)
    {
        Check(images);
        return Symbols((int)images.shape[0], lambda, (start, count) => images.narrow(0, start, count));
    }

    /// <summary>The symbols of images of 28x28 pixels.</summary>
    internal byte[] Symbols(ImageSet images, double? lambda) => Symbols(images.Count, lambda, Batches(images));

    /// <summary>Writes images to a file.</summary>
    /// <param name="images">At most 2^17 images of 28x28 pixels.</param>
    /// <param name="groupSize">Images in a group, 1 to 255: 1 for an index of every image.</param>
    /// <param name="lambda">
    /// How many bits a unit of squared error is worth, pixels in [0, 1], in the search for cheaper symbols, which takes some milliseconds an
    /// image (see <see cref="SymbolSearch"/>); null for the symbols of the analysis network as they are.
    /// </param>
    /// <returns>The bytes of a <c>.cae</c> file.</returns>
    /// <exception cref="ArgumentException">The images have another size, or are more than a file can hold, or the group size is out of range.</exception>
    public byte[] Encode(ImageSet images, int groupSize = DefaultGroupSize, double? lambda = null)
    {
        CodecTrainingOptions.CheckImages(images, 0, nameof(images));
        return Encode(images.Count, groupSize, lambda, Batches(images));
    }

    /// <summary>Writes images to a file.</summary>
    /// <param name="images">(N, 1, 28, 28), float32, in [0, 1], on the CPU; N is at most 2^17.</param>
    /// <param name="groupSize">Images in a group, 1 to 255: 1 for an index of every image.</param>
    /// <param name="lambda">
    /// How many bits a unit of squared error is worth, pixels in [0, 1], in the search for cheaper symbols, which takes some milliseconds an
    /// image (see <see cref="SymbolSearch"/>); null for the symbols of the analysis network as they are.
    /// </param>
    /// <returns>The bytes of a <c>.cae</c> file.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type, a pixel is not in [0, 1], they are more than a file can hold, or the group size is out of range.</exception>
    public byte[] Encode(Tensor images, int groupSize = DefaultGroupSize, double? lambda = null)
    {
        Check(images);
        return Encode((int)Math.Min(images.shape[0], int.MaxValue), groupSize, lambda, (start, count) => images.narrow(0, start, count));
    }

    /// <summary>Reads all images of a file.</summary>
    /// <param name="file">The bytes of a <c>.cae</c> file.</param>
    /// <param name="threads">How many threads share the work; null for as many as there are cores.</param>
    /// <returns>(N, 1, 28, 28), float32, in [0, 1], each a whole number of 255ths.</returns>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public Tensor Decode(ReadOnlySpan<byte> file, int? threads = null) => Images(DecodePixels(file, threads));

    /// <summary>Reads all images of a file as bytes.</summary>
    /// <param name="file">The bytes of a <c>.cae</c> file.</param>
    /// <param name="threads">How many threads share the work; null for as many as there are cores.</param>
    /// <returns>Image by image, row by row: 0 is background, 255 full ink.</returns>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public byte[] DecodePixels(ReadOnlySpan<byte> file, int? threads = null)
    {
        var images = Open(file);
        var pixels = new byte[images.Count * Side * Side];
        DecodeAll(images, threads, (index, worker, symbols) => _synthesis.Draw(symbols, pixels.AsSpan(index * Side * Side, Side * Side), worker.Synthesis));
        return pixels;
    }

    /// <summary>Reads one image of a file, without drawing the others.</summary>
    /// <param name="file">The bytes of a <c>.cae</c> file.</param>
    /// <param name="index">Which image, from 0.</param>
    /// <returns>(1, 1, 28, 28), float32, in [0, 1], each a whole number of 255ths.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no image with this index.</exception>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public Tensor DecodeOne(ReadOnlySpan<byte> file, int index)
    {
        var images = Open(file);
        var (group, place) = images.PlaceOf(index);
        var (symbols, pixels) = (new byte[_context.Shape.Cells], new byte[Side * Side]);
        var (decoder, state) = (images.DecoderOf(group), _context.CreateState());
        for (var i = 0; i <= place; i++)
        {
            _context.Decode(ref decoder, symbols, state);
        }

        _synthesis.Draw(symbols, pixels, _synthesis.CreateState());
        return Images(pixels);
    }

    /// <summary>Reads the symbols of all images of a file.</summary>
    /// <param name="file">The bytes of a <c>.cae</c> file.</param>
    /// <param name="threads">How many threads share the work; null for as many as there are cores.</param>
    /// <returns>Image by image, row by row.</returns>
    /// <exception cref="CaeFormatException">The file is damaged, or another model wrote it.</exception>
    public byte[] DecodeSymbols(ReadOnlySpan<byte> file, int? threads = null)
    {
        var images = Open(file);
        var all = new byte[images.Count * _context.Shape.Cells];
        DecodeAll(images, threads, (index, _, symbols) => symbols.CopyTo(all.AsSpan(index * symbols.Length)));
        return all;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _analysis.Dispose();
        DisposeWeights();
    }

    private static int Quality(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path).AsSpan(FilePrefix.Length), out var quality) ? quality : 0;

    private static void Check(Tensor images)
    {
        if (images.dim() != 4 || images.shape[1] != 1 || images.shape[2] != Side || images.shape[3] != Side || images.dtype != ScalarType.Float32 || images.device_type != DeviceType.CPU)
        {
            throw new ArgumentException(
                $"The codec takes images of the shape (N, 1, {Side}, {Side}), float32, on the CPU, not ({string.Join(", ", images.shape)}) of {images.dtype} on {images.device}.", nameof(images));
        }

        using var scope = NewDisposeScope();
        if (images.shape[0] > 0 && (images.min().ToSingle(), images.max().ToSingle()) is var (least, most) && !(least >= 0 && most <= 1))
        {
            throw new ArgumentException($"The codec takes pixels in [0, 1], and these go from {least} to {most}: bytes are divided by 255 first.", nameof(images));
        }
    }

    private static Func<int, int, Tensor> Batches(ImageSet images) =>
        (start, count) => Images(images.Pixels.AsSpan(start * Side * Side, count * Side * Side));

    private byte[] Symbols(int count, double? lambda, Func<int, int, Tensor> images)
    {
        var (cells, all) = (_context.Shape.Cells, new byte[count * _context.Shape.Cells]);
        Analyse(count, BatchSize, lambda, images, (start, _, symbols) => symbols.CopyTo(all.AsSpan(start * cells)));
        return all;
    }

    private byte[] Encode(int count, int groupSize, double? lambda, Func<int, int, Tensor> images)
    {
        CompressedImages.CheckCounts(count, groupSize, CompressedFormat.Cae);
        var (cells, groups) = (_context.Shape.Cells, new (byte[], long)[(count + groupSize - 1) / groupSize]);
        Analyse(count, (BatchSize + groupSize - 1) / groupSize * groupSize, lambda, images, (start, size, symbols) =>
        {
            var state = _context.CreateState();
            for (var first = 0; first < size; first += groupSize)
            {
                var encoder = new RangeEncoder();
                for (var i = first; i < Math.Min(size, first + groupSize); i++)
                {
                    _context.Encode(symbols.AsSpan(i * cells, cells), encoder, state);
                }

                encoder.EndCodeword();
                groups[(start + first) / groupSize] = (encoder.ToBytes(), encoder.BitCount);
            }
        });
        return new CompressedImages(Name, _fingerprint, count, Side, Side, groupSize, groups).ToBytes();
    }

    private static void CheckLambda(double? lambda)
    {
        if (lambda is { } worth && !(worth > 0 && double.IsFinite(worth)))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), worth, "Lambda is how many bits a unit of squared error is worth, a positive number, or null for no search.");
        }
    }

    // Batch by batch, each on one of the threads, so that neither the pixels in floating point nor the symbols of all images are there at once.
    private void Analyse(int count, int batchSize, double? lambda, Func<int, int, Tensor> images, Action<int, int, byte[]> take)
    {
        CheckLambda(lambda);
        var batches = (count + batchSize - 1) / batchSize;
        using var workers = new WorkerThreads(Math.Min(batches, TorchRuntime.Workers));
        workers.ForEach(batches, batch =>
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            var (start, size) = (batch * batchSize, Math.Min(batchSize, count - batch * batchSize));
            var batchImages = images(start, size);
            var latents = _analysis.call(ChannelsLast.Arrange(nn.functional.pixel_unshuffle(batchImages, AnalysisNetwork.Block)));
            var symbols = new byte[size * _context.Shape.Cells];
            _symbolOrder.ToRows(Values(latents), symbols, 1, _context.Shape.Levels - 1);
            if (lambda is { } worth)
            {
                Improve(symbols, batchImages.mul(byte.MaxValue).round().to(ScalarType.Byte).contiguous().bytes, worth);
            }

            take(start, size, symbols);
        });
    }

    private void Improve(Span<byte> symbols, ReadOnlySpan<byte> pixels, double lambda)
    {
        var search = new SymbolSearch(_context, _synthesis);
        var cells = _context.Shape.Cells;
        for (var i = 0; i * cells < symbols.Length; i++)
        {
            search.Improve(symbols.Slice(i * cells, cells), pixels.Slice(i * Side * Side, Side * Side), lambda);
        }
    }

    private void DisposeWeights()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private CompressedImages Open(ReadOnlySpan<byte> file)
    {
        var images = CompressedImages.Parse(file);
        images.CheckWriter(Name, _fingerprint, Side, Side);
        return images;
    }

    // Block by block, as the networks leave them in memory.
    private static ReadOnlySpan<float> Values(Tensor channelsLast) =>
        MemoryMarshal.Cast<byte, float>(channelsLast.permute(0, 2, 3, 1).contiguous().bytes);

    private static Tensor Images(ReadOnlySpan<byte> pixels)
    {
        var images = empty(pixels.Length / (Side * Side), 1, Side, Side);
        var values = MemoryMarshal.Cast<byte, float>(images.bytes);
        for (var i = 0; i < pixels.Length; i++)
        {
            values[i] = pixels[i] / (float)byte.MaxValue;
        }

        return images;
    }

    private void DecodeAll(CompressedImages images, int? threads, Action<int, DecodingWorker, byte[]> take)
    {
        var ends = new long[images.Groups];
        var pieces = (images.Groups + GroupsAtOnce - 1) / GroupsAtOnce;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        Parallel.For(0, pieces, options, () => new DecodingWorker(_context, _synthesis), (piece, _, worker) =>
        {
            var first = piece * GroupsAtOnce;
            worker.Decode(images, first, Math.Min(images.Groups, first + GroupsAtOnce), ends, take);
            return worker;
        }, _ => { });
        images.CheckEnds(ends);
    }
}
