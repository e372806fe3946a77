using System.Security.Cryptography;
using Autoencoders.Data;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>
/// What a linear transform can do: the principal components of the training images, each coefficient rounded to a
/// multiple of one step, with a table of frequencies for each, in the same file and by the same range coder as the learned codec.
/// </summary>
public sealed class PcaCodec : IDisposable
{
    private const int GroupSize = ImageCodec.DefaultGroupSize, BatchSize = 1000;
    private const double SmallestStep = 1e-3;

    private readonly Tensor _mean, _components;
    private readonly FrequencyTable[] _tables;
    private readonly double _step;
    private readonly int _height, _width;
    private readonly byte[] _fingerprint;

    private PcaCodec(ImageSet training, Tensor mean, Tensor components, double step)
    {
        (_mean, _components, _step, _height, _width) = (mean, components, step, training.Height, training.Width);
        Name = $"pca-{components.shape[1]}-{step.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
        _tables = FitTables(Quantise(training));
        _fingerprint = SHA256.HashData(_tables.SelectMany(t => t.Frequencies.Prepend((uint)t.First)).SelectMany(BitConverter.GetBytes).ToArray())[..8];
    }

    /// <summary>The name that the codec's files carry, such as <c>pca-64-0.6</c>.</summary>
    public string Name { get; }

    /// <summary>Finds the components and the tables.</summary>
    /// <param name="training">What they are fitted to.</param>
    /// <param name="components">How many components are kept: at most the pixels of an image.</param>
    /// <param name="step">The distance between two values of a coefficient, in units of pixel values in [0, 1].</param>
    /// <exception cref="ArgumentException">There are no images, fewer pixels than components, or more steps than a table of frequencies can have.</exception>
    public static PcaCodec Fit(ImageSet training, int components, double step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, SmallestStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(training.Count, 1, nameof(training));
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, training.Height * training.Width);
        using var scope = NewDisposeScope();
        // In double precision: pixels that are always black give many equal eigenvalues, which single precision may not separate.
        var pixels = training.ToTensor().flatten(1).to(ScalarType.Float64);
        var mean = pixels.mean([0]);
        var centred = pixels - mean;
        var covariance = centred.t().matmul(centred) / training.Count;
        var (_, vectors) = linalg.eigh(covariance);
        var kept = vectors.flip(1).narrow(1, 0, components).to(ScalarType.Float32).contiguous();
        return new PcaCodec(training, mean.to(ScalarType.Float32).MoveToOuterDisposeScope(), kept.MoveToOuterDisposeScope(), step);
    }

    /// <summary>Writes images to a file.</summary>
    /// <returns>The bytes of a <c>.cae</c> file.</returns>
    /// <exception cref="ArgumentException">The images have another size than those it was fitted to, or are more than a file can hold.</exception>
    public byte[] Encode(ImageSet images)
    {
        CompressedImages.CheckCounts(images.Count, GroupSize, CompressedFormat.Cae);
        if ((images.Height, images.Width) != (_height, _width))
        {
            throw new ArgumentException($"The codec takes images of {_height}x{_width} pixels, not {images.Height}x{images.Width}.", nameof(images));
        }

        var coefficients = Quantise(images);
        var groups = new (byte[], long)[(images.Count + GroupSize - 1) / GroupSize];
        Parallel.For(0, groups.Length, group =>
        {
            var encoder = new RangeEncoder();
            for (var image = group * GroupSize; image < Math.Min(images.Count, (group + 1) * GroupSize); image++)
            {
                for (var i = 0; i < _tables.Length; i++)
                {
                    _tables[i].Encode(encoder, coefficients[image * _tables.Length + i]);
                }
            }

            encoder.EndCodeword();

            groups[group] = (encoder.ToBytes(), encoder.BitCount);
        });
        return new CompressedImages(Name, _fingerprint, images.Count, _height, _width, GroupSize, groups).ToBytes();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">What <see cref="Encode"/> of the same codec wrote.</param>
    /// <returns>Image by image, row by row.</returns>
    /// <exception cref="CaeFormatException">The file is damaged, or another codec wrote it.</exception>
    public byte[] DecodePixels(ReadOnlySpan<byte> file)
    {
        var images = CompressedImages.Parse(file);
        if (images.Model != Name || !images.Fingerprint.AsSpan().SequenceEqual(_fingerprint) || (images.Height, images.Width) != (_height, _width))
        {
            throw new CaeFormatException($"The file was written by '{images.Model}', and this is '{Name}', or another fit of it.");
        }

        var (coefficients, ends) = (new int[images.Count * _tables.Length], new long[images.Groups]);
        Parallel.For(0, images.Groups, group =>
        {
            var decoder = images.DecoderOf(group);
            for (var image = group * images.GroupSize; image < group * images.GroupSize + images.ImagesIn(group); image++)
            {
                for (var i = 0; i < _tables.Length; i++)
                {
                    coefficients[image * _tables.Length + i] = _tables[i].Decode(ref decoder);
                }
            }

            ends[group] = decoder.EndCodeword();
        });
        images.CheckEnds(ends);
        return Draw(coefficients);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _components.Dispose();
    }

    private static FrequencyTable FitTable(IEnumerable<int> symbols)
    {
        var values = symbols.ToArray();
        var first = values.Min();
        var counts = new long[values.Max() - first + 1];
        foreach (var value in values)
        {
            counts[value - first]++;
        }

        return FrequencyTable.FromCounts(first, counts);
    }

    private FrequencyTable[] FitTables(int[] coefficients)
    {
        var count = (int)_components.shape[1];
        return [.. Enumerable.Range(0, count).Select(i => FitTable(Enumerable.Range(0, coefficients.Length / count).Select(image => coefficients[image * count + i])))];
    }

    private int[] Quantise(ImageSet images)
    {
        using var scope = NewDisposeScope();
        var coefficients = (images.ToTensor().flatten(1) - _mean).matmul(_components);
        return (coefficients / _step).round().to(ScalarType.Int32).data<int>().ToArray();
    }

    private byte[] Draw(int[] coefficients)
    {
        var pixels = new byte[coefficients.Length / _tables.Length * _height * _width];
        for (var start = 0; start < coefficients.Length; start += BatchSize * _tables.Length)
        {
            using var scope = NewDisposeScope();
            var batch = coefficients.AsSpan(start, Math.Min(BatchSize * _tables.Length, coefficients.Length - start)).ToArray();
            var values = (tensor(batch).reshape(-1, _tables.Length).to(ScalarType.Float32) * _step).matmul(_components.t()) + _mean;
            var bytes = (values.clamp(0, 1) * 255).round().to(ScalarType.Byte);
            bytes.bytes.CopyTo(pixels.AsSpan(start / _tables.Length * _height * _width));
        }

        return pixels;
    }
}
