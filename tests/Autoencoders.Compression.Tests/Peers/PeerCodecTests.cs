using SkiaSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class PeerCodecTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 100, 0)]
    [InlineData(SKEncodedImageFormat.Jpeg, 90, 8)]
    [InlineData(SKEncodedImageFormat.Webp, 90, 8)]
    public void Classical_codecs_give_the_digits_back(SKEncodedImageFormat format, int quality, double meanError)
    {
        var digits = TestCodec.Digits(10);
        for (var i = 0; i < digits.Count; i++)
        {
            var file = ClassicalCodecs.Encode(digits.Image(i), 28, format, quality);
            var decoded = ClassicalCodecs.Decode(file);

            Assert.InRange(decoded.Zip(digits.Image(i).ToArray(), (a, b) => Math.Abs(a - b)).Average(), 0, meanError);
            Assert.InRange(file.Length, 60, 900);
        }
    }

    [Fact]
    public void Classical_codecs_refuse_what_they_cannot_use()
    {
        Assert.Throws<ArgumentException>(() => ClassicalCodecs.Encode(new byte[785], 28, SKEncodedImageFormat.Png, 100));
        Assert.Throws<ArgumentException>(() => ClassicalCodecs.Encode(new byte[784], 0, SKEncodedImageFormat.Png, 100));
        Assert.Throws<FormatException>(() => ClassicalCodecs.Decode([1, 2, 3]));
        var png = ClassicalCodecs.Encode(TestCodec.Digits(1).Image(0), 28, SKEncodedImageFormat.Png, 100);
        Assert.Throws<FormatException>(() => ClassicalCodecs.Decode(png[..^60]));
        var wide = ClassicalCodecs.Encode(new byte[5000], 5000, SKEncodedImageFormat.Png, 100);
        Assert.Contains("5000x1", Assert.Throws<FormatException>(() => ClassicalCodecs.Decode(wide)).Message);
    }

    [Fact]
    public void A_fit_that_could_not_be_written_is_refused()
    {
        var digits = TestCodec.Digits(100);
        using var codec = PcaCodec.Fit(digits, 16, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => PcaCodec.Fit(digits, 785, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcaCodec.Fit(digits, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcaCodec.Fit(digits, 16, 1e-9));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcaCodec.Fit(digits, 16, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => PcaCodec.Fit(digits.Take(0), 16, 1));
        Assert.Throws<ArgumentException>(() => codec.Encode(new(new byte[784], new byte[1], 14, 56)));
        Assert.Contains("131,073", Assert.Throws<ArgumentException>(() => codec.Encode(new(new byte[784 * 131_073], new byte[131_073], 28, 28))).Message);
    }

    [Fact]
    public void More_components_and_finer_steps_give_better_digits_in_more_bytes()
    {
        var digits = TestCodec.Digits(1000);
        (int Components, double Step)[] settings = [(16, 1), (64, 1), (64, 0.3), (784, 0.1)];
        var points = settings.Select(setting =>
        {
            using var codec = PcaCodec.Fit(digits, setting.Components, setting.Step);
            var file = codec.Encode(digits);
            return (file.Length, Error: codec.DecodePixels(file).Zip(digits.Pixels, (a, b) => (double)(a - b) * (a - b)).Average());
        }).ToList();

        Assert.Equal(points.Select(p => p.Length).Order(), points.Select(p => p.Length));
        Assert.Equal(points.Select(p => p.Error).OrderDescending(), points.Select(p => p.Error));
        Assert.InRange(points[^1].Error, 0, 255 * 255 * 0.002);
    }

    [Fact]
    public void Coefficients_that_no_training_image_had_are_coded_too()
    {
        using var codec = PcaCodec.Fit(TestCodec.Digits(500), 784, 0.3);
        var decoded = codec.DecodePixels(codec.Encode(TestCodec.Strange()));

        Assert.InRange(decoded.Zip(TestCodec.Strange().Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 26);
    }

    [Fact]
    public void Another_fit_is_refused()
    {
        using var codec = PcaCodec.Fit(TestCodec.Digits(100), 16, 1);
        using var other = PcaCodec.Fit(TestCodec.Digits(200), 16, 1);
        using var images = TestCodec.Digits(1).ToTensor();
        var file = codec.Encode(TestCodec.Digits(1));

        Assert.Throws<CaeFormatException>(() => other.DecodePixels(file));
        using var learned = TestCodec.Untrained();
        Assert.Throws<CaeFormatException>(() => codec.DecodePixels(learned.Encode(images)));
    }

    [Fact]
    public void The_figures_of_other_codecs_can_be_read()
    {
        var points = OtherCodec.Load();

        Assert.Equal(["AVIF", "JPEG 2000", "JPEG XL", "context coder"], points.Select(p => p.Codec).Distinct().Order(StringComparer.Ordinal));
        Assert.All(points, point =>
        {
            Assert.Contains(point.Mode, (string[])["single", "mosaic"]);
            Assert.InRange(point.BytesPerImage, 1, 600);
            Assert.InRange(point.PsnrDb, 5, 60);
            Assert.InRange(point.Ssim, 0, 1);
        });
    }

    [Theory]
    [InlineData("codec,mode\nAVIF,mosaic,cq10,190.458,49.991,0.99875", "line 2")]
    [InlineData("codec,mode\nAVIF,mosaic,cq10,190.458,49.991,0.99875,0.06\nAVIF,mosaic,cq10,NaN,1,1,1", "line 3")]
    [InlineData("codec,mode\n\n", "line 2")]
    public void A_table_that_was_damaged_is_refused_by_line(string content, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["x.csv"], content);

        Assert.Contains(message, Assert.Throws<FormatException>(() => OtherCodec.Read(folder["x.csv"])).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Blocks_are_those_of_pixel_unshuffle(int side)
    {
        using var scope = NewDisposeScope();
        var (pixels, rows) = (new byte[2 * 49 * side * side], new byte[2 * 49 * side * side]);
        new Random(1).NextBytes(pixels);
        var blocks = nn.functional.pixel_unshuffle(tensor(pixels).reshape(2, 1, 7 * side, 7 * side).to(ScalarType.Float32), side);

        new BlockOrder(side).ToRows(blocks.permute(0, 2, 3, 1).contiguous().data<float>().ToArray(), rows, 1, 255);

        Assert.Equal(pixels, rows);
    }
}
