using Autoencoders.Data;
using SkiaSharp;

namespace Autoencoders.Compression.Tests.Peers;

public sealed class LosslessPeerTests
{
    [Fact]
    public void A_mosaic_shows_every_image_at_its_place()
    {
        byte[] pixels = [.. Enumerable.Range(1, 5 * 6).Select(i => (byte)i)];

        var (picture, width) = ClassicalCodecs.Mosaic(new ImageSet(pixels, new byte[5], 2, 3));

        Assert.Equal(9, width);
        Assert.Equal(
            [
                1, 2, 3, 7, 8, 9, 13, 14, 15,
                4, 5, 6, 10, 11, 12, 16, 17, 18,
                19, 20, 21, 25, 26, 27, 0, 0, 0,
                22, 23, 24, 28, 29, 30, 0, 0, 0,
            ], picture);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassicalCodecs.Mosaic(new ImageSet([], [], 2, 3)));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Quality_100_loses_nothing(SKEncodedImageFormat format)
    {
        var (picture, width) = ClassicalCodecs.Mosaic(TestCodec.Digits(30));

        Assert.Equal(picture, ClassicalCodecs.Decode(ClassicalCodecs.Encode(picture, width, format, 100)));
    }

    [Fact]
    public void The_table_of_others_can_be_read()
    {
        var others = OtherLossless.Load();

        Assert.Contains(new OtherLossless("JPEG XL", "batch", 1.11), others);
        Assert.All(others, other => Assert.Contains(other.Mode, (string[])["single", "batch", "published"]));
    }
}
