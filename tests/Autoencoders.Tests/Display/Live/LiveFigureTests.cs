using Autoencoders.Display;
using SkiaSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Display.Live;

public sealed class LiveFigureTests
{
    private const int LargestBytes = 300_000;

    public static TheoryData<string> Figures => [.. Build.Keys];

    private static readonly Dictionary<string, Func<LiveFigure>> Build = new()
    {
        ["draw"] = () => DrawingPad.Of(TrainedLike.Autoencoder(), TrainedLike.Digits(10)),
        ["denoise"] = () => DrawingPad.Noisy(TrainedLike.Digits(10), 0.5, ("denoiser", TrainedLike.Denoiser()), ("plain", TrainedLike.Autoencoder())),
        ["plane"] = () => LatentPlane.Of(TrainedLike.Decoder(), randn(1500, 2), [.. Enumerable.Range(0, 1500).Select(i => (byte)(i % 10))]),
        ["bytes"] = () => RateSlider.Of(TrainedLike.Digits(10), ("own", Rates(5, 8)), ("JPEG", Rates(200, 7)), ("WebP", Rates(100, 7))),
    };

    public LiveFigureTests() => manual_seed(3);

    [Theory]
    [MemberData(nameof(Figures))]
    public void All_that_a_cell_shows_of_a_figure_is_below_300_KB(string figure)
    {
        var built = Build[figure]();

        Assert.InRange(built.ToHtml().Length + Convert.ToBase64String(built.ToPng()).Length + built.ToString().Length, 1, LargestBytes);
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void A_figure_loads_nothing_and_carries_its_still_picture_outside_its_script(string figure)
    {
        var built = Build[figure]();
        var html = built.ToHtml();
        var withoutScript = html[..html.IndexOf("<script", StringComparison.Ordinal)];

        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(built.ToPng())}\"", withoutScript);
        Assert.DoesNotContain("src=\"http", html);
        Assert.DoesNotContain("import ", html);
        using var still = SKBitmap.Decode(built.ToPng());
        Assert.InRange(still.Width, 300, 900);
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        var (one, other) = (Build["draw"](), Build["draw"]());

        Assert.Equal(one.ToHtml(), other.ToHtml());
        Assert.Equal(one.ToPng(), other.ToPng());
    }

    [Fact]
    public void Names_cannot_close_the_script_nor_open_an_element()
    {
        var html = DrawingPad.Noisy(TrainedLike.Digits(1), 0, ("</script><img src=x onerror=alert(1)>", TrainedLike.Denoiser())).ToHtml();

        Assert.Single(html.Split("</script>", StringSplitOptions.None)[1..]);
        Assert.DoesNotContain("<img src=x", html);
    }

    [Fact]
    public void Beside_each_rate_stand_the_best_of_its_size_and_the_smallest_of_its_quality()
    {
        using var images = zeros(1, 1, 4, 4);
        CodecRate Rate(double bytes, double psnr) => new(bytes, psnr, images);
        var html = RateSlider.Of(images, ("own", [Rate(10, 20), Rate(30, 40)]), ("other", [Rate(5, 10), Rate(20, 30), Rate(100, 35), Rate(50, 20), Rate(12, 25)])).ToHtml();

        // At 10 bytes the one of 5, at 30 that of 20; for 20 dB that of 12 bytes; 40 dB it does not reach, and 35 is its best.
        Assert.Contains("\"size\":5,\"psnr\":10", html);
        Assert.DoesNotContain("\"size\":50,", html);
        Assert.Contains("\"size\":[0,1],\"quality\":[2,3]", html);
    }

    [Fact]
    public void What_is_no_digit_is_refused_by_its_shape()
    {
        using var model = TrainedLike.Autoencoder();
        using var decoder = TrainedLike.Decoder();
        using var images = zeros(2, 1, 28, 28);

        Assert.Contains("not (2, 1, 14, 14)", Assert.Throws<ArgumentException>(() => DrawingPad.Of(model, zeros(2, 1, 14, 14))).Message);
        Assert.Contains("(5, 3) and 5 digits", Assert.Throws<ArgumentException>(() => LatentPlane.Of(decoder, zeros(5, 3), new byte[5])).Message);
        Assert.Contains("(5, 2) and 4 digits", Assert.Throws<ArgumentException>(() => LatentPlane.Of(decoder, zeros(5, 2), new byte[4])).Message);
        Assert.Contains("'own' needs at least one rate", Assert.Throws<ArgumentException>(() => RateSlider.Of(images, ("own", []))).Message);
    }

    private static IEnumerable<CodecRate> Rates(double bytes, int count) =>
        Enumerable.Range(0, count).Select(i => new CodecRate(bytes * (1 + i), 18 + 2 * i, TrainedLike.Digits(10) * rand(10, 1, 28, 28)));
}
