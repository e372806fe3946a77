namespace Autoencoders.Data;

/// <summary>Divides a set into minibatches of indices, in an order that depends on nothing but the seed and the epoch.</summary>
public static class Minibatches
{
    /// <summary>The minibatches of one epoch: every index from 0 to <paramref name="count"/> - 1 once, shuffled.</summary>
    /// <param name="count">Images in the set.</param>
    /// <param name="batchSize">Images in a minibatch; the last one holds what is left over.</param>
    /// <param name="seed">The seed of the whole training.</param>
    /// <param name="epoch">The epoch: each has an order of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or the batch size is not positive.</exception>
    public static IEnumerable<int[]> Epoch(int count, int batchSize, int seed, int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return Permutation(count, seed, epoch).Chunk(batchSize);
    }

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in the order of this <paramref name="seed"/> and <paramref name="epoch"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static int[] Permutation(int count, int seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new SplitMix64(((ulong)(uint)seed << 32) | (uint)epoch).Shuffle(order);
        return order;
    }
}
