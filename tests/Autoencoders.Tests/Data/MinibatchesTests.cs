using Autoencoders.Data;
using CsCheck;

namespace Autoencoders.Tests.Data;

public class MinibatchesTests
{
    [Fact]
    public void An_epoch_holds_every_index_once_in_full_batches_and_a_rest() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[1, 70], Gen.Int, Gen.Int[0, 1000]).Sample((count, batchSize, seed, epoch) =>
        {
            var batches = Minibatches.Epoch(count, batchSize, seed, epoch).ToList();

            Assert.Equal(Enumerable.Range(0, count), batches.SelectMany(batch => batch).Order());
            Assert.All(batches.SkipLast(1), batch => Assert.Equal(batchSize, batch.Length));
            Assert.Equal((count + batchSize - 1) / batchSize, batches.Count);
        });

    [Fact]
    public void Seed_and_epoch_decide_the_order() =>
        Gen.Select(Gen.Int, Gen.Int[0, 1000], Gen.Int[1, 1000]).Sample((seed, epoch, step) =>
        {
            var order = Minibatches.Permutation(100, seed, epoch);

            Assert.Equal(order, Minibatches.Permutation(100, seed, epoch));
            Assert.NotEqual(order, Minibatches.Permutation(100, seed, epoch + step));
            Assert.NotEqual(order, Minibatches.Permutation(100, seed + step, epoch));
        });

    [Fact]
    public void A_seed_and_its_negative_give_different_orders() =>
        Assert.NotEqual(Minibatches.Permutation(100, 5, 1), Minibatches.Permutation(100, -5, 1));

    [Fact]
    public void The_order_is_the_same_on_every_platform() =>
        Assert.Equal("0 5 4 6 2 7 1 3", string.Join(" ", Minibatches.Permutation(8, 42, 1)));

    [Fact]
    public void Every_order_is_equally_likely()
    {
        const int perOrder = 1000;
        var counts = Enumerable.Range(0, 24 * perOrder)
            .GroupBy(epoch => string.Concat(Minibatches.Permutation(4, 1, epoch)))
            .Select(group => group.Count())
            .ToList();

        Assert.Equal(24, counts.Count);
        // Chi-squared with 23 degrees of freedom is above 49.7 in one of a thousand cases.
        Assert.InRange(counts.Sum(count => Math.Pow(count - perOrder, 2) / perOrder), 5, 49.7);
    }

    [Fact]
    public void Impossible_sizes_are_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Minibatches.Epoch(10, 0, 1, 1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Minibatches.Epoch(-1, 5, 1, 1); });
    }
}
