using Autoencoders.Metrics;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class ImageCodecTests
{
    // What a quality may take, header included.
    private static readonly (int Psnr, double Bytes)[] MostBytes = [(20, 7.5), (22, 10), (25, 16), (28, 25), (30, 32)];

    public static TheoryData<int> Qualities => [.. ImageCodec.Qualities];

    [Fact]
    public void The_project_comes_with_at_least_five_qualities_of_at_most_8_MB()
    {
        Assert.InRange(ImageCodec.Qualities.Count, 5, 20);
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(ProjectFolder.Data, "models"), "cae-*").Sum(f => new FileInfo(f).Length), 1, 8_000_000);
        Assert.Contains("Qualities are", Assert.Throws<ArgumentOutOfRangeException>(() => ImageCodec.Load(1)).Message);
    }

    [Theory]
    [MemberData(nameof(Qualities))]
    public void Symbols_survive_the_file_bit_by_bit(int quality)
    {
        using var codec = ImageCodec.Load(quality);
        using var images = TestCodec.Digits(100).ToTensor();

        Assert.Equal(codec.Symbols(images), codec.DecodeSymbols(codec.Encode(images)));
        Assert.Equal(codec.Symbols(images), codec.DecodeSymbols(codec.Encode(images, groupSize: 1)));
    }

    [Theory]
    [MemberData(nameof(Qualities))]
    public void Digits_come_back_at_about_the_stated_PSNR_in_few_bytes(int quality)
    {
        using var scope = NewDisposeScope();
        using var codec = ImageCodec.Load(quality);
        var images = TestCodec.Digits(1500).ToTensor();

        var file = codec.Encode(images);
        using var reader = ImageCodec.LoadFor(file);
        var psnr = ImageMetrics.Psnr(images, reader.Decode(file));

        Assert.InRange(psnr, quality, quality + 2);
        Assert.InRange(file.Length / 1500.0, 1, MostBytes.First(limit => limit.Psnr >= quality).Bytes);
    }

    [Theory]
    [MemberData(nameof(Qualities))]
    public void Images_unlike_any_digit_are_coded_too(int quality)
    {
        using var codec = ImageCodec.Load(quality);
        using var images = TestCodec.Strange().ToTensor();
        var file = codec.Encode(images);

        Assert.Equal(codec.Symbols(images), codec.DecodeSymbols(file));
        using var decoded = codec.Decode(file);
        Assert.Equal(images.shape, decoded.shape);
        Assert.InRange(decoded.min().ToSingle(), 0, 1);
        Assert.InRange(decoded.max().ToSingle(), 0, 1);
    }

    [Theory]
    [MemberData(nameof(Qualities))]
    public void Threads_and_batches_change_nothing(int quality)
    {
        using var codec = ImageCodec.Load(quality);
        var digits = TestCodec.Digits(600);
        using var images = digits.ToTensor();
        var workers = TorchRuntime.Workers;
        try
        {
            TorchRuntime.Workers = 1;
            var file = codec.Encode(images);
            var (symbols, pixels) = (codec.DecodeSymbols(file, threads: 1), codec.DecodePixels(file, threads: 1));
            TorchRuntime.Workers = 2;
            Assert.Equal(symbols, codec.Symbols(images));
            Assert.Equal(symbols, codec.DecodeSymbols(file, threads: 2));
            Assert.Equal(pixels, codec.DecodePixels(file, threads: 2));
            for (var i = 0; i < 600; i += 50)
            {
                Assert.Equal(pixels[(i * 784)..((i + 1) * 784)], codec.DecodePixels(codec.Encode(digits.Select([i]))));
            }
        }
        finally
        {
            TorchRuntime.Workers = workers;
        }
    }

    [Theory]
    [MemberData(nameof(Qualities))]
    public void The_integers_draw_what_the_trained_network_draws(int quality)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var codec = ImageCodec.Load(quality);
        var (shape, weights) = (codec.Context.Shape, Safetensors.Load(Path.Combine(ProjectFolder.Data, "models", codec.Name + ".safetensors")));
        var network = new SynthesisNetwork(shape.Grid, shape.Levels, (int)weights["synthesis.conv2.weight"].shape[0]);
        foreach (var (name, weight) in network.state_dict())
        {
            weight.copy_(weights["synthesis." + name]);
        }

        var file = codec.Encode(TestCodec.Digits(200));
        var centred = tensor(codec.DecodeSymbols(file)).to(float32).reshape(-1, 1, shape.Grid, shape.Grid) - (shape.Levels - 1) / 2.0;
        var drawn = nn.functional.pixel_shuffle(network.call(nn.functional.pixel_unshuffle(centred, shape.Grid / 7)), 4).clamp(0, 1);

        Assert.InRange((codec.Decode(file) - drawn).abs().max().ToDouble(), 0, 2.5 / 255);
        Assert.InRange((codec.Decode(file) - drawn).square().mean().sqrt().ToDouble(), 0, 0.5 / 255);
    }

    [Fact]
    public void Any_single_image_can_be_read()
    {
        using var scope = NewDisposeScope();
        using var codec = TestCodec.Untrained();
        var images = TestCodec.Digits(40).ToTensor();
        foreach (var groupSize in (int[])[1, 16])
        {
            var file = codec.Encode(images, groupSize);
            var all = codec.Decode(file);
            foreach (var index in (int[])[0, 15, 16, 39])
            {
                Assert.True(codec.DecodeOne(file, index).equal(all[index]).all().ToBoolean());
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => codec.DecodeOne(file, 40));
            Assert.Throws<ArgumentOutOfRangeException>(() => codec.DecodeOne(file, -1));
        }
    }

    [Fact]
    public void No_image_at_all_is_a_file_too()
    {
        using var codec = TestCodec.Untrained();
        using var decoded = codec.Decode(codec.Encode(zeros(0, 1, 28, 28)));
        Assert.Equal([0, 1, 28, 28], decoded.shape);
    }

    [Fact]
    public void A_saved_codec_reads_what_it_wrote_before()
    {
        using var folder = new TemporaryFolder();
        var path = folder["mine.safetensors"];
        using var codec = TestCodec.Untrained("mine");
        using var images = TestCodec.Digits(10).ToTensor();
        var file = codec.Encode(images);
        codec.Save(path);

        using var loaded = ImageCodec.LoadFile(path);

        Assert.Equal(codec.DecodePixels(file), loaded.DecodePixels(file));
        Assert.Equal(file, loaded.Encode(images));
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        using var codec = TestCodec.Untrained();
        Assert.Contains("(2, 1, 28, 27)", Assert.Throws<ArgumentException>(() => codec.Encode(zeros(2, 1, 28, 27))).Message);
        Assert.Throws<ArgumentException>(() => codec.Encode(zeros(2, 28, 28)));
    }
}
