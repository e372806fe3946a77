using Autoencoders.Data;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests.Lossless;

public sealed class LosslessCodecTests
{
    public static TheoryData<string> Shipped => [LosslessCodec.BitsBack, LosslessCodec.Context];

    public static TheoryData<string> Kinds => ["vae", "pixels"];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Digits_come_back_to_the_last_bit_in_few_bits(string name)
    {
        var (codec, digits) = (LosslessCodec.Load(name), TestCodec.Digits(600));

        var file = codec.Encode(digits);

        Assert.Equal(digits.Pixels, LosslessCodec.LoadFor(file).Decode(file));
        Assert.InRange(8.0 * file.Length / digits.Pixels.Length, 0.5, name == LosslessCodec.Context ? 1.11 : 1.41);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_before_still_decodes(string kind)
    {
        // Two models of a few kilobytes lie beside their files, so that this says something about the code, whatever is trained anew.
        var path = Path.Combine(AppContext.BaseDirectory, "Lossless", $"tiny-{kind}");
        var (codec, file) = (LosslessCodec.LoadFile(path + ".safetensors"), File.ReadAllBytes(path + ".cal"));

        Assert.Equal(TestCodec.Digits(20).Pixels, codec.Decode(file));
        Assert.Equal(file, codec.Encode(TestCodec.Digits(20), 8));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Images_unlike_any_digit_come_back_too(string name)
    {
        var (codec, strange) = (LosslessCodec.Load(name), TestCodec.Strange());
        for (var i = 0; i < strange.Count; i++)
        {
            var one = strange.Select([i]);
            Assert.Equal(one.Pixels, codec.Decode(codec.Encode(one)));
        }

        Assert.Equal(strange.Pixels, codec.Decode(codec.Encode(strange)));
    }

    [Fact]
    public void The_shipped_models_are_small() =>
        Assert.InRange(Shipped.Sum(name => new FileInfo(LosslessCodec.ShippedFile(name)).Length), 1, 1_000_000);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_number_of_images_in_groups_of_any_size(string kind)
    {
        var codec = Untrained(kind);
        foreach (var (count, groupSize) in ((int, int?)[])[(0, null), (1, null), (1, 1), (5, 2), (6, 2), (5, 100), (17, null)])
        {
            var images = TestCodec.Digits(count);
            Assert.Equal(images.Pixels, codec.Decode(codec.Encode(images, groupSize)));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_single_image_can_be_read(string kind)
    {
        var (codec, images) = (Untrained(kind), TestCodec.Digits(7));
        var file = codec.Encode(images, 3);
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(images.Image(i), codec.DecodeOne(file, i));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => codec.DecodeOne(file, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => codec.DecodeOne(file, -1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Threads_change_nothing(string kind)
    {
        var (codec, images) = (Untrained(kind), TestCodec.Digits(40));
        var file = codec.Encode(images, 5, threads: 1);

        Assert.Equal(file, codec.Encode(images, 5, threads: 7));
        Assert.Equal(images.Pixels, codec.Decode(file, threads: 1));
        Assert.Equal(images.Pixels, codec.Decode(file, threads: 7));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_codec_reads_what_it_wrote_before(string kind)
    {
        using var folder = new TemporaryFolder();
        var (codec, images, path) = (Untrained(kind, "mine"), TestCodec.Digits(3), folder["mine.safetensors"]);
        var file = codec.Encode(images);
        codec.Save(path);

        Assert.Equal(images.Pixels, LosslessCodec.LoadFile(path).Decode(file));
        Assert.Equal(file, LosslessCodec.LoadFile(path).Encode(images));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_integers_promise_what_the_trained_network_promises(string kind)
    {
        using var network = Network(kind);
        var images = TestCodec.Digits(100);
        LosslessTrainer.Fit(network, TestCodec.Digits(640), images, new() { Epochs = 2, BatchSize = 32 });

        var file = LosslessCodec.From(network, "trained").Encode(images);
        var initial = kind == "vae" ? 49 * 2 * 12.0 / images.Pixels.Length : 0;

        Assert.Equal(LosslessTrainer.BitsPerPixel(network, images), 8.0 * file.Length / images.Pixels.Length, 0.04 + initial);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_that_was_changed_anywhere_is_refused(string kind)
    {
        var codec = Untrained(kind);
        var file = codec.Encode(TestCodec.Digits(4), 2);
        for (var i = 0; i < file.Length; i += i < 60 ? 1 : 17)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 0x10;
            Assert.Throws<CaeFormatException>(() => codec.Decode(changed));
            Assert.Throws<CaeFormatException>(() => codec.Decode(file.AsSpan(0, i)));
        }

        Assert.Throws<CaeFormatException>(() => codec.Decode([.. file, 0]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_whose_groups_were_changed_and_whose_checksum_was_mended_is_refused_or_decodes_to_other_images(string kind)
    {
        var (codec, images) = (Untrained(kind), TestCodec.Digits(4));
        var file = codec.Encode(images, 2);
        var refused = 0;
        for (var i = 60; i < file.Length - 4; i += 97)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 1;
            System.Security.Cryptography.SHA256.HashData(changed.AsSpan(0, file.Length - 4)).AsSpan(0, 4).CopyTo(changed.AsSpan(file.Length - 4));
            try
            {
                Assert.NotEqual(images.Pixels, codec.Decode(changed));
            }
            catch (CaeFormatException)
            {
                refused++;
            }
        }

        Assert.True(kind == "pixels" || refused > 0);
    }

    [Fact]
    public void A_file_of_another_model_is_refused_by_name()
    {
        var file = Untrained("vae", "model-one").Encode(TestCodec.Digits(1));

        var exception = Assert.Throws<CaeFormatException>(() => Untrained("vae", "model-two").Decode(file));
        Assert.Contains("model-one", exception.Message);
        Assert.Contains("model-two", exception.Message);
        Assert.Contains("another training", Assert.Throws<CaeFormatException>(() => Untrained("vae", "model-one", seed: 7).Decode(file)).Message);
        Assert.Contains("model-one", Assert.Throws<CaeFormatException>(() => LosslessCodec.LoadFor(file)).Message);

        var large = new CompressedImages(CompressedFormat.Cal, "model-one", CompressedImages.Parse(file, CompressedFormat.Cal).Fingerprint, 1, 29, 28, 1, [(new byte[8], 64)]);
        Assert.Contains("29x28", Assert.Throws<CaeFormatException>(() => Untrained("vae", "model-one").Decode(large.ToBytes())).Message);
    }

    [Fact]
    public void What_no_file_can_hold_is_refused()
    {
        var codec = Untrained("pixels");

        Assert.Contains("28x56", Assert.Throws<ArgumentException>(() => codec.Encode(new ImageSet(new byte[28 * 56], new byte[1], 28, 56))).Message);
        Assert.Contains("131,073", Assert.Throws<ArgumentException>(() => codec.Encode(new ImageSet(new byte[784 * 131_073], new byte[131_073], 28, 28))).Message);
        Assert.Throws<ArgumentException>(() => codec.Encode(TestCodec.Digits(1), groupSize: 0));
        Assert.Throws<ArgumentException>(() => codec.Encode(TestCodec.Digits(1), groupSize: 16_385));
        Assert.Throws<ArgumentException>(() => Untrained("pixels", "two words"));
        Assert.Throws<ArgumentException>(() => LosslessCodec.Load("lossless-none"));
    }

    public static TheoryData<string, string, string> Damages => new()
    {
        { "vae", "vae.encoder2", "shape" },
        { "vae", "vae.decoder3_position", "type" },
        { "vae", "vae.cuts", "zeros" },
        { "vae", "vae.cuts", "missing" },
        { "vae", "vae.shape", "zeros" },
        { "vae", "vae.other", "shape" },
        { "pixels", "pixels.dense1", "shape" },
        { "pixels", "pixels.bias2", "type" },
        { "pixels", "pixels.bias2", "largest" },
        { "pixels", "pixels.shape", "largest" },
        { "pixels", "pixels.out", "missing" },
        { "pixels", "pixels.other", "shape" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_codec_file_whose_tensors_do_not_fit_together_is_refused_by_name(string kind, string tensor, string damage)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var path = folder["mine.safetensors"];
        Untrained(kind, "mine").Save(path);
        var weights = Safetensors.Load(path);
        var old = weights.GetValueOrDefault(tensor, zeros(1, int16));
        weights[tensor] = damage switch
        {
            "shape" => zeros(old.shape[0] + 1, old.dtype),
            "type" => old.to(float32),
            "zeros" => zeros_like(old),
            _ => full(old.shape, old.dtype == int16 ? short.MaxValue : int.MaxValue, dtype: old.dtype),
        };
        if (damage == "missing")
        {
            weights.Remove(tensor);
        }

        Safetensors.Save(path, weights);

        var message = Assert.Throws<SafetensorsFormatException>(() => LosslessCodec.LoadFile(path)).Message;

        Assert.StartsWith($"{path} holds no lossless codec: ", message);
    }

    internal static LosslessNetwork Network(string kind, int seed = 42) => kind == "vae"
        ? new VaeNetwork(new VaeShape(8, 2), seed)
        : new PixelNetwork(new PixelShape(2, 3, 16, 16), seed);

    private static LosslessCodec Untrained(string kind, string name = "untrained", int seed = 42)
    {
        using var network = Network(kind, seed);
        return LosslessCodec.From(network, name);
    }
}
