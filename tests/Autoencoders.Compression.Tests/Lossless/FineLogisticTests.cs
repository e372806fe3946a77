namespace Autoencoders.Compression.Tests.Lossless;

public sealed class FineLogisticTests
{
    private const double One = 1 << 24;

    [Fact]
    public void The_distribution_is_the_logistic_one()
    {
        var before = 0u;
        for (var x = -20 * 1024; x <= 20 * 1024; x++)
        {
            var probability = FineLogistic.Distribution(x);
            Assert.True(probability >= before, $"falls at {x}");
            Assert.Equal(1 / (1 + Math.Exp(-x / 1024.0)), probability / One, 5e-6);
            before = probability;
        }

        Assert.Equal(1u << 23, FineLogistic.Distribution(0));
        Assert.Equal(FineLogistic.Distribution(-1_000_000), FineLogistic.Distribution(long.MinValue / 2));
    }

    [Fact]
    public void Scales_are_powers_of_e()
    {
        foreach (var logarithm in (double[])[-4, -2.5, 0, 1, 6.984375])
        {
            Assert.Equal(Math.Exp(logarithm), FineLogistic.Scale((int)(logarithm * 1024)) / 65536.0, Math.Exp(logarithm) * 1e-3);
        }

        Assert.Equal(FineLogistic.Scale(-4 * 1024), FineLogistic.Scale(int.MinValue));
        Assert.Equal(FineLogistic.Scale(7 * 1024), FineLogistic.Scale(int.MaxValue));
    }

    [Fact]
    public void A_quantile_is_the_first_number_that_is_large_enough()
    {
        foreach (var probability in (uint[])[1, 1000, 1 << 20, 1 << 23, (1 << 24) - 5000])
        {
            var x = FineLogistic.Quantile(probability);
            Assert.True(FineLogistic.Distribution(x) >= probability);
            Assert.True(x <= -18 * 1024 || FineLogistic.Distribution(x - 1) < probability);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-3000, 5000, 1 << 23)]
    [InlineData(int.MaxValue, int.MaxValue, (1 << 24) - 1)]
    [InlineData(int.MinValue, int.MinValue, 0)]
    public void Any_number_of_any_interval_survives_the_stack(int middle, int logarithm, int first)
    {
        int[] cuts = [.. Enumerable.Range(0, 255).Select(i => (i - 100) * 40)];
        var (stack, numbers) = (new RansStack(), Enumerable.Range(0, 256).ToList());
        var interval = new LogisticInterval(cuts, middle, logarithm, (uint)first);
        foreach (var number in numbers)
        {
            interval.Push(stack, number);
        }

        numbers.Reverse();
        foreach (var number in numbers)
        {
            Assert.Equal(number, interval.Pop(stack));
        }

        Assert.True(stack.IsAsBorrowed);
    }
}
