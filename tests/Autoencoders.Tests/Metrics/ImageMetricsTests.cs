using Autoencoders.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Metrics;

public sealed class ImageMetricsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Mse_is_the_mean_of_squared_differences()
    {
        var (x, y) = (Image(0f, 0.5f, 1f, 1f), Image(0f, 1f, 0.5f, 0f));

        Assert.Equal((0 + 0.25 + 0.25 + 1) / 4, ImageMetrics.Mse(x, y), 1e-7);
        Assert.Equal(0, ImageMetrics.Mse(x, x));
    }

    [Theory]
    [InlineData(0.1, 20.0)]
    [InlineData(0.01, 40.0)]
    [InlineData(1.0, 0.0)]
    public void Psnr_of_a_constant_error_follows_by_hand(double error, double decibels)
    {
        var x = zeros(3, 1, 28, 28);

        Assert.Equal(decibels, ImageMetrics.Psnr(x, x + error), 1e-4);
        Assert.All(ImageMetrics.PsnrPerImage(x, x + error), psnr => Assert.Equal(decibels, psnr, 1e-4));
    }

    [Fact]
    public void Psnr_of_a_set_averages_errors_and_not_decibels()
    {
        var x = zeros(2, 1, 28, 28);
        var y = cat([full([1, 1, 28, 28], 0.1f), full([1, 1, 28, 28], 0.01f)]);

        Assert.Equal(-10 * Math.Log10((0.01 + 0.0001) / 2), ImageMetrics.Psnr(x, y), 1e-4);
        Assert.Equal([20.0, 40.0], ImageMetrics.PsnrPerImage(x, y), (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Equal([0.01, 0.0001], ImageMetrics.MsePerImage(x, y), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal(double.PositiveInfinity, ImageMetrics.Psnr(x, x));
    }

    [Fact]
    public void Ssim_of_constant_images_is_the_luminance_term()
    {
        var (x, y) = (full([1, 1, 28, 28], 0.5f), full([1, 1, 28, 28], 0.25f));
        const double c1 = 1e-4;

        Assert.Equal((2 * 0.5 * 0.25 + c1) / (0.25 + 0.0625 + c1), ImageMetrics.Ssim(x, y), 1e-6);
    }

    [Fact]
    public void Ssim_of_one_window_follows_the_formula()
    {
        var random = new Random(1);
        double[] x = [.. Enumerable.Range(0, 49).Select(_ => random.NextDouble())], y = [.. x.Select(v => Math.Clamp(v + 0.3 * random.NextDouble(), 0, 1))];
        double mx = x.Average(), my = y.Average();
        double vx = x.Sum(v => (v - mx) * (v - mx)) / 48, vy = y.Sum(v => (v - my) * (v - my)) / 48;
        var cov = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / 48;
        var expected = (2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx * mx + my * my + 1e-4) * (vx + vy + 9e-4));

        Assert.Equal(expected, ImageMetrics.Ssim(tensor(x).reshape(1, 1, 7, 7), tensor(y).reshape(1, 1, 7, 7)), 1e-6);
    }

    [Fact]
    public void Ssim_is_one_for_equal_images_symmetric_and_falls_with_noise()
    {
        var x = rand([4, 1, 28, 28], generator: new Generator(3));
        var noise = randn([4, 1, 28, 28], generator: new Generator(4));
        var (little, much) = ((x + 0.05 * noise).clamp(0, 1), (x + 0.5 * noise).clamp(0, 1));

        Assert.All(ImageMetrics.SsimPerImage(x, x), similarity => Assert.Equal(1, similarity, 1e-6));
        Assert.Equal(ImageMetrics.Ssim(x, much), ImageMetrics.Ssim(much, x), 1e-6);
        Assert.True(ImageMetrics.Ssim(x, little) > ImageMetrics.Ssim(x, much));
    }

    [Fact]
    public void Cross_entropy_follows_by_hand_and_its_floor_is_not_zero()
    {
        var (x, y) = (Image(1f, 0f, 0.5f, 1f), Image(0.5f, 0.5f, 0.5f, 0.9f));

        Assert.Equal((3 * Math.Log(2) - Math.Log(0.9)) / 4, ImageMetrics.BinaryCrossEntropy(x, y), 1e-6);
        Assert.Equal(Math.Log(2) / 4, ImageMetrics.BinaryCrossEntropy(x, x), 1e-6);
    }

    [Fact]
    public void Different_shapes_are_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => ImageMetrics.Mse(zeros(2, 1, 28, 28), zeros(3, 1, 28, 28)));

        Assert.Contains("(2, 1, 28, 28)", error.Message);
        Assert.Contains("(3, 1, 28, 28)", error.Message);
        Assert.Throws<ArgumentException>(() => ImageMetrics.Psnr(zeros(28, 28), zeros(28, 28)));
        Assert.Throws<ArgumentException>(() => ImageMetrics.Ssim(zeros(1, 1, 6, 28), zeros(1, 1, 6, 28)));
    }

    [Fact]
    public void What_would_give_a_wrong_number_or_an_error_of_the_native_library_is_refused()
    {
        var (x, bytes) = (full([2, 1, 28, 28], 0.5f), zeros(2, 1, 28, 28, uint8));

        Assert.Contains("Byte", Assert.Throws<ArgumentException>(() => ImageMetrics.Mse(bytes, bytes + 1)).Message);
        Assert.Throws<ArgumentException>(() => ImageMetrics.Psnr(zeros(0, 1, 28, 28), zeros(0, 1, 28, 28)));
        Assert.Contains("0.5 to 1.5", Assert.Throws<ArgumentException>(() => ImageMetrics.BinaryCrossEntropy(x, cat([x[..1], x[1..] + 1]))).Message);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => ImageMetrics.BinaryCrossEntropy(x * float.NaN, x)).Message);
        Assert.Equal(Math.Log(2), ImageMetrics.BinaryCrossEntropy(x, x.to(float64)), 1e-6);
    }

    [Fact]
    public void No_metric_leaves_a_tensor_behind()
    {
        var (x, y) = (rand(2, 1, 28, 28), rand(2, 1, 28, 28));
        var before = _scope.DisposablesCount;

        ImageMetrics.Psnr(x, y);
        ImageMetrics.Ssim(x, y);
        ImageMetrics.BinaryCrossEntropy(x, y);

        Assert.Equal(before, _scope.DisposablesCount);
    }

    private static Tensor Image(params float[] pixels) => tensor(pixels).reshape(1, 1, 2, 2);
}
