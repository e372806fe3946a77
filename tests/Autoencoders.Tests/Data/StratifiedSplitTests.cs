using Autoencoders.Data;
using CsCheck;

namespace Autoencoders.Tests.Data;

public class StratifiedSplitTests
{
    [Fact]
    public void Parts_are_disjoint_exact_and_in_proportion() =>
        Gen.Select(Gen.Byte[0, 9].Array[1, 400], Gen.Double[0, 1], Gen.Int).Sample((labels, share, seed) =>
        {
            var testCount = (int)(share * labels.Length);

            var (train, test) = StratifiedSplit.Split(labels, testCount, seed);

            Assert.Equal(testCount, test.Length);
            Assert.Equal(Enumerable.Range(0, labels.Length), train.Concat(test).Order());
            Assert.All(labels.CountBy(label => label), label =>
                Assert.InRange(test.Count(i => labels[i] == label.Key) - (double)label.Value * testCount / labels.Length, -0.9999, 0.9999));
        });

    [Fact]
    public void The_largest_remainders_get_what_is_left()
    {
        // Shares of four: 5 * 4 / 12 = 1.67, 4 * 4 / 12 = 1.33, 3 * 4 / 12 = 1.
        byte[] labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2];

        var (_, test) = StratifiedSplit.Split(labels, 4, 1);

        Assert.Equal([0, 0, 1, 2], test.Select(i => (int)labels[i]).Order());
    }

    [Fact]
    public void The_seed_decides_who_is_drawn()
    {
        var labels = new byte[100];

        Assert.Equal(StratifiedSplit.Split(labels, 30, 5).Test, StratifiedSplit.Split(labels, 30, 5).Test);
        Assert.NotEqual(StratifiedSplit.Split(labels, 30, 5).Test.Order(), StratifiedSplit.Split(labels, 30, 6).Test.Order());
    }
}
