namespace Autoencoders.Data;

/// <summary>Divides a set in two so that both parts have the classes in the same proportions.</summary>
internal static class StratifiedSplit
{
    /// <summary>Draws <paramref name="testCount"/> of the labelled items for testing and leaves the rest for training, both shuffled.</summary>
    /// <returns>The indices of both parts: together every index once.</returns>
    public static (int[] Train, int[] Test) Split(byte[] labels, int testCount, int seed)
    {
        var left = Quotas(labels, testCount);
        var isTest = new bool[labels.Length];
        foreach (var i in Minibatches.Permutation(labels.Length, seed, 0))
        {
            isTest[i] = left[labels[i]]-- > 0;
        }

        // An order of its own: in that of the draw, what is left over would begin with the classes that were full first.
        var order = Minibatches.Permutation(labels.Length, seed, 1);
        return ([.. order.Where(i => !isTest[i])], [.. order.Where(i => isTest[i])]);
    }

    /// <summary>How many of each class to draw, by the method of the largest remainder: they add up to <paramref name="total"/>.</summary>
    private static int[] Quotas(byte[] labels, int total)
    {
        var shares = new long[byte.MaxValue + 1];
        foreach (var label in labels)
        {
            shares[label] += total;
        }

        var quotas = Array.ConvertAll(shares, share => (int)(share / labels.Length));
        var byRemainder = Enumerable.Range(0, shares.Length).OrderByDescending(label => shares[label] % labels.Length).ThenBy(label => label);
        foreach (var label in byRemainder.Take(total - quotas.Sum()))
        {
            quotas[label]++;
        }

        return quotas;
    }
}
