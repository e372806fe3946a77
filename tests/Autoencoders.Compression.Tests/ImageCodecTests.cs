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
    public void Images_that_are_none_are_refused()
    {
        using var scope = NewDisposeScope();
        using var codec = TestCodec.Untrained();
        var images = TestCodec.Digits(3).ToTensor();
        string Refusal(Tensor wrong) => Assert.Throws<ArgumentException>(() => codec.Encode(wrong)).Message;

        Assert.Contains("(2, 1, 28, 27)", Refusal(zeros(2, 1, 28, 27)));
        Assert.Contains("(2, 28, 28)", Refusal(zeros(2, 28, 28)));
        Assert.Contains("Float64", Refusal(images.to(float64)));
        Assert.Contains("Byte", Refusal((images * 255).to(uint8)));
        Assert.Contains("NaN", Refusal(images * float.NaN));
        Assert.Contains("from 0 to 255", Refusal(images * 255));
        Assert.Contains("from -1 to 1", Refusal(images * 2 - 1));
        Assert.Throws<ArgumentException>(() => codec.Symbols(images / 0));
        Assert.Contains("28x56", Assert.Throws<ArgumentException>(() => codec.Encode(new Autoencoders.Data.ImageSet(new byte[28 * 56], new byte[1], 28, 56))).Message);
    }

    [Fact]
    public void What_no_file_can_hold_is_refused_before_the_encoding()
    {
        using var codec = TestCodec.Untrained();
        // One image, repeated without memory: encoding it so often takes many seconds and gigabytes.
        using var one = zeros(1, 1, 28, 28);
        using var many = one.expand(CompressedImages.LargestCount + 1, 1, 28, 28);
        var before = GC.GetTotalAllocatedBytes();

        Assert.Contains("131,073", Assert.Throws<ArgumentException>(() => codec.Encode(many)).Message);
        Assert.Contains("131,073", Assert.Throws<ArgumentException>(() => codec.Encode(new Autoencoders.Data.ImageSet(new byte[784 * 131_073], new byte[131_073], 28, 28))).Message);
        Assert.Contains("256", Assert.Throws<ArgumentException>(() => codec.Encode(one, groupSize: 256)).Message);
        Assert.Throws<ArgumentException>(() => codec.Encode(one, groupSize: 0));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 105_000_000);
    }

    [Theory]
    [InlineData("my codec")]
    [InlineData("códec")]
    [InlineData("a-name-of-more-than-forty-letters-is-too-long")]
    public void A_name_that_no_file_can_carry_is_refused_when_the_codec_is_made(string name)
    {
        using var folder = new TemporaryFolder();
        using (var codec = TestCodec.Untrained("mine"))
        {
            codec.Save(folder[name + ".safetensors"]);
        }

        Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => TestCodec.Untrained(name)).Message);
        Assert.Contains($"'{name}'", Assert.Throws<SafetensorsFormatException>(() => ImageCodec.LoadFile(folder[name + ".safetensors"])).Message);
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "synthesis.conv2.weight", "shape (4000, 0)" },
        { "synthesis.conv1.bias", "shape (4000)" },
        { "synthesis.conv1.bias", "shape ()" },
        { "analysis.layers.conv1.weight", "shape (8, 16, 3, 2)" },
        { "analysis.layers.conv2.bias", "shape (8)" },
        { "synthesis.out.bias", "NaN" },
        { "synthesis.position", "infinity" },
        { "analysis.layers.out.weight", "NaN" },
        { "analysis.layers.conv1.weight", "Float32" },
        { "context.bias2", "Float32" },
        { "context.shape", "shape (5)" },
        { "synthesis.direct.weight", "missing" },
        { "context.weights3", "missing" },
        { "something.else", "shape (1)" },
        { "search.lambda", "shape (1)" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_codec_file_whose_tensors_do_not_fit_together_is_refused_by_name(string tensor, string damage)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["mine.safetensors"];
        using (var codec = TestCodec.Untrained("mine"))
        {
            codec.Save(path);
        }

        var weights = Safetensors.Load(path);
        if (damage == "missing")
        {
            weights.Remove(tensor);
        }
        else
        {
            var old = weights.GetValueOrDefault(tensor, zeros(1, float16));
            long[] Shape() => [.. damage[7..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
            weights[tensor] = damage switch
            {
                "NaN" => old * float.NaN,
                "infinity" => old + float.PositiveInfinity,
                "Float32" => old.to(float32),
                _ => zeros(Shape(), old.dtype),
            };
        }

        Safetensors.Save(path, weights);
        var before = GC.GetTotalAllocatedBytes();

        var message = Assert.Throws<SafetensorsFormatException>(() => ImageCodec.LoadFile(path)).Message;

        Assert.StartsWith($"{path} holds no image codec: ", message);
        Assert.Matches("\u0027.+\u0027|SynthesisWidth|integers", message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 5_000_000);
    }

    [Fact]
    public void Weights_of_a_training_that_went_wrong_make_no_codec()
    {
        foreach (var (name, value) in ((string, float)[])[("analysis.layers.out.bias", float.NaN), ("synthesis.position", 1e6f), ("context.dense2.weight", float.NaN), ("context.dense2.weight", 1e4f)])
        {
            using var model = new CompressiveAutoencoder(new() { AnalysisWidth = 8, AnalysisDepth = 1, SynthesisWidth = 8 });
            using (no_grad())
            {
                model.state_dict()[name].fill_(value);
            }

            Assert.Throws<ArgumentException>(() => ImageCodec.From(model, "diverged"));
        }
    }

    [Theory]
    [InlineData(0, 1, 8)]
    [InlineData(513, 1, 8)]
    [InlineData(8, 0, 8)]
    [InlineData(8, 17, 8)]
    [InlineData(8, 1, 513)]
    public void Networks_that_no_file_could_hold_are_not_built(int analysisWidth, int analysisDepth, int synthesisWidth) =>
        Assert.Throws<ArgumentException>(() => new CompressiveAutoencoder(new() { AnalysisWidth = analysisWidth, AnalysisDepth = analysisDepth, SynthesisWidth = synthesisWidth }));

    [Fact]
    public void A_file_that_is_no_codec_is_named_for_what_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder["cae-25.safetensors"];
        foreach (var (content, kind) in ((string, string)[])[("version https://git-lfs.github.com/spec/v1\noid", "Git LFS pointer"), ("<!doctype html>\n<html>", "HTML page"), ("PK\u0003\u0004\u0014\0\b\0", "zip archive")])
        {
            File.WriteAllText(path, content);
            Assert.Contains(kind, Assert.Throws<SafetensorsFormatException>(() => ImageCodec.LoadFile(path)).Message);
            Assert.Contains(kind, Assert.Throws<CaeFormatException>(() => CompressedImages.Parse(File.ReadAllBytes(path))).Message);
        }
    }

    [Fact]
    public void The_working_memory_of_another_model_is_refused()
    {
        using var small = TestCodec.Untrained();
        using var large = TestCodec.Untrained(grid: 28, levels: 3);

        Assert.Throws<ArgumentException>(() => large.Context.Encode(new byte[784], new RangeEncoder(), small.Context.CreateState()));
    }
}
