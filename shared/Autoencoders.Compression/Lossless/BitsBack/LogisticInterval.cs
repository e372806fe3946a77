namespace Autoencoders.Compression;

/// <summary>How a whole number is distributed: by a logistic distribution over an axis that is cut into as many pieces as there are numbers.</summary>
/// <param name="cuts">The places between one piece and the next, rising, in units of <see cref="FineLogistic"/>: at most 2^16.</param>
/// <param name="middle">The middle of the distribution.</param>
/// <param name="logarithm">The logarithm of its inverse width.</param>
/// <param name="first">How probable number 0 is beside that, 0 to 2^24 - 1, in units of 2^-24.</param>
internal readonly ref struct LogisticInterval(ReadOnlySpan<int> cuts, int middle, int logarithm, uint first)
{
    private const int Bits = FineLogistic.ProbabilityBits;
    private const uint Total = 1u << Bits;

    private readonly ReadOnlySpan<int> _cuts = cuts;
    private readonly long _scale = FineLogistic.Scale(logarithm);

    /// <summary>Puts a number on the stack.</summary>
    public void Push(RansStack stack, int number)
    {
        var start = Start(number);
        stack.Push(start, Start(number + 1) - start, Bits);
    }

    /// <summary>Takes a number off the stack.</summary>
    public int Pop(RansStack stack)
    {
        var (target, low, high) = (stack.Peek(Bits), 0, _cuts.Length);
        // Most pixels are background, and need no search.
        if (target < Start(1))
        {
            high = 0;
        }

        while (low < high)
        {
            var number = (low + high + 1) / 2;
            (low, high) = Start(number) <= target ? (number, high) : (low, number - 1);
        }

        var start = Start(low);
        stack.Pop(start, Start(low + 1) - start, Bits);
        return low;
    }

    // The frequencies of all numbers below: none has a frequency of 0, and all together have 2^24.
    private uint Start(int number)
    {
        if (number == 0)
        {
            return 0;
        }

        if (number > _cuts.Length)
        {
            return Total;
        }

        ulong below = FineLogistic.Distribution(_cuts[number - 1], middle, _scale);
        below = first + (((Total - first) * below) >> Bits);
        return (uint)((below * (Total - (uint)_cuts.Length - 1)) >> Bits) + (uint)number;
    }
}
