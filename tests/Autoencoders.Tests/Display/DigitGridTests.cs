using Autoencoders.Display;
using SkiaSharp;
using TorchSharp;

namespace Autoencoders.Tests.Display;

public sealed class DigitGridTests
{
    private const int Margin = 8, Gap = 4, Text = 18;

    public DigitGridTests() => torch.manual_seed(1);

    [Fact]
    public void The_picture_is_as_large_as_its_images_gaps_and_margins()
    {
        using var picture = Decode(DigitGrid.Of(torch.rand(25, 1, 28, 28)));

        Assert.Equal(2 * Margin + 10 * 56 + 9 * Gap, picture.Width);
        Assert.Equal(2 * Margin + 3 * 56 + 2 * Gap, picture.Height);
    }

    [Fact]
    public void Every_image_pixel_becomes_a_square_of_its_gray()
    {
        using var image = torch.tensor(new float[] { 0, 1, 0.2f, 0.6f }).reshape(1, 1, 2, 2);
        using var picture = Decode(DigitGrid.Of(image, scale: 3));

        for (var y = 0; y < 6; y++)
        {
            for (var x = 0; x < 6; x++)
            {
                var gray = new byte[] { 0, 255, 51, 153 }[y / 3 * 2 + x / 3];
                Assert.Equal(new SKColor(gray, gray, gray), picture.GetPixel(Margin + x, Margin + y));
            }
        }

        Assert.Equal(SKColors.White, picture.GetPixel(Margin - 1, Margin));
        Assert.Equal(SKColors.White, picture.GetPixel(Margin + 6, Margin));
    }

    [Fact]
    public void Images_go_from_left_to_right_and_then_down()
    {
        using var images = torch.arange(3).reshape(3, 1, 1, 1).to(torch.float32) / 2;
        using var picture = Decode(DigitGrid.Of(images, columns: 2, scale: 5));

        Assert.Equal(SKColors.Black, picture.GetPixel(Margin, Margin));
        Assert.Equal(new SKColor(128, 128, 128), picture.GetPixel(Margin + 5 + Gap, Margin));
        Assert.Equal(SKColors.White, picture.GetPixel(Margin, Margin + 5 + Gap));
    }

    [Fact]
    public void Bytes_are_shown_like_the_numbers_they_stand_for()
    {
        using var bytes = torch.arange(196, dtype: torch.uint8).reshape(1, 1, 14, 14);
        using var numbers = bytes.to(torch.float32) / 255;

        Assert.Equal(DigitGrid.Of(numbers).ToPng(), DigitGrid.Of(bytes).ToPng());
    }

    [Fact]
    public void Differences_are_white_at_zero_blue_where_too_dark_and_vermilion_where_too_bright()
    {
        using var originals = torch.tensor(new float[] { 0.5f, 1, 0 }).reshape(3, 1, 1, 1).expand(3, 1, 28, 28);
        using var reconstructions = torch.tensor(new float[] { 0.5f, 0, 1 }).reshape(3, 1, 1, 1).expand(3, 1, 28, 28);
        using var picture = Decode(DigitGrid.Rows(ImageRow.Difference("", originals, reconstructions)));

        Assert.Equal(SKColors.White, picture.GetPixel(Margin + 10, Margin + 10));
        Assert.Equal(SKColor.Parse("#0072B2"), picture.GetPixel(Margin + 60 + 10, Margin + 10));
        Assert.Equal(SKColor.Parse("#D55E00"), picture.GetPixel(Margin + 120 + 10, Margin + 10));
    }

    [Fact]
    public void Only_a_grid_with_a_colour_map_explains_its_colours()
    {
        using var images = torch.rand(6, 1, 28, 28);
        using var plain = Decode(DigitGrid.Rows(("", images)));
        using var mapped = Decode(DigitGrid.Rows(ImageRow.Difference("", images, images)));

        Assert.Equal(plain.Height + Text + Gap, mapped.Height);
    }

    [Fact]
    public void Feature_maps_run_from_the_code_s_lowest_number_to_its_highest()
    {
        using var code = torch.tensor(new float[] { -3, 5, 1, 1 }).reshape(2, 1, 2);
        using var picture = Decode(DigitGrid.FeatureMaps(code, scale: 8));

        Assert.Equal(SKColor.Parse("#440154"), picture.GetPixel(Margin, Margin));
        Assert.Equal(SKColor.Parse("#fde725"), picture.GetPixel(Margin + 8, Margin));
        Assert.Equal(SKColor.Parse("#21918c"), picture.GetPixel(Margin + 16 + Gap, Margin));
    }

    [Fact]
    public void A_code_that_is_the_same_everywhere_is_shown_too() =>
        Assert.NotEmpty(DigitGrid.FeatureMaps(torch.zeros(4, 7, 7)).ToPng());

    [Fact]
    public void Titles_and_captions_are_dark_text_beside_and_below_the_images()
    {
        using var images = torch.ones(2, 1, 28, 28);
        using var picture = Decode(DigitGrid.Rows(("original", images), ("reconstruction", images)).WithCaptions("24.1 dB", "25.0 dB"));
        var left = picture.Width - Margin - 56 - Gap - 56;

        Assert.True(HasInk(picture, SKRectI.Create(0, Margin, left, 56)));
        Assert.True(HasInk(picture, SKRectI.Create(left, picture.Height - Margin - Text, 56, Text)));
        Assert.Equal(2 * Margin + 2 * 56 + Gap + Text, picture.Height);
    }

    [Fact]
    public void Wide_captions_move_the_columns_apart()
    {
        using var images = torch.ones(2, 1, 28, 28);
        using var narrow = Decode(DigitGrid.Of(images, captions: ["4", "9"]));
        using var wide = Decode(DigitGrid.Of(images, captions: ["a four that looks like a nine", "9"]));

        Assert.True(wide.Width > narrow.Width + 100);
    }

    [Fact]
    public void The_same_images_give_the_same_bytes()
    {
        using var images = torch.rand(10, 1, 28, 28);

        Assert.Equal(DigitGrid.Of(images).ToPng(), DigitGrid.Of(images.clone()).ToPng());
    }

    [Fact]
    public void A_hundred_digits_are_far_below_a_megabyte() =>
        Assert.InRange(DigitGrid.Of((torch.rand(100, 1, 28, 28) - 0.5).clamp(0, 1)).ToPng().Length, 1, 200_000);

    [Fact]
    public void Html_is_an_image_with_its_own_data_and_an_encoded_text()
    {
        using var images = torch.rand(2, 1, 28, 28);
        var html = DigitGrid.Rows(("<b>\"original\"", images)).ToHtml();

        Assert.StartsWith("<img alt=\"2 images of 28", html);
        Assert.Contains("&lt;b&gt;&quot;original&quot;", html);
        Assert.Contains("src=\"data:image/png;base64,iVBOR", html);
    }

    [Fact]
    public void In_words_a_grid_says_what_it_shows()
    {
        using var digits = torch.zeros(2, 1, 28, 28);

        Assert.Equal("2 images of 28×28 pixels: digits", DigitGrid.Of(digits).ToString());
        Assert.Equal("1 image of 28×28 pixels: the mean", DigitGrid.Of(digits[0], about: "the mean").WithScale(3).ToString());
        Assert.Equal("2 images of 28×28 pixels: digits * 0.5. Captions: 7, 2", DigitGrid.Of(digits
            * 0.5, captions: ["7", "2"]).ToString());
        Assert.Equal("2 images of 28×28 pixels: feature maps of digits.squeeze(1). Colours: 0 to 0", DigitGrid.FeatureMaps(digits.squeeze(1)).ToString());
        Assert.Equal("4 images of 28×28 pixels in rows: PCA, 8; error. Captions: 9.1 dB, 8.7 dB. Colours: too dark −0.5 to +0.5 too bright",
            DigitGrid.Rows(("PCA, 8", digits), ImageRow.Difference("error", digits, digits, range: 0.5f)).WithCaptions("9.1 dB", "8.7 dB").ToString());
    }

    [Theory]
    [InlineData(new long[] { 10 })]
    [InlineData(new long[] { 2, 3, 28, 28 })]
    [InlineData(new long[] { 1, 1, 1, 28, 28 })]
    public void Other_shapes_are_refused_by_name(long[] shape)
    {
        using var images = torch.zeros(shape);

        Assert.Contains($"not ({string.Join(", ", shape)})", Assert.Throws<ArgumentException>(() => DigitGrid.Of(images)).Message);
    }

    [Fact]
    public void No_image_and_a_wrong_number_of_captions_are_refused()
    {
        Assert.Throws<ArgumentException>(() => DigitGrid.Of(torch.zeros(0, 1, 28, 28)));
        Assert.Contains("1 captions were given for 2 images", Assert.Throws<ArgumentException>(() => DigitGrid.Of(torch.zeros(2, 1, 28, 28), captions: ["one"])).Message);
    }

    private static SKBitmap Decode(IPicture picture) => SKBitmap.Decode(picture.ToPng());

    private static bool HasInk(SKBitmap picture, SKRectI area) =>
        Enumerable.Range(area.Left, area.Width).Any(x => Enumerable.Range(area.Top, area.Height).Any(y => picture.GetPixel(x, y) is { Red: < 80, Green: < 80, Blue: < 80 }));
}
