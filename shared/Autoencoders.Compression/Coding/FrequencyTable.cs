namespace Autoencoders.Compression;

/// <summary>
/// How often each symbol of an alphabet comes, in integers that are never zero and add up to exactly
/// <see cref="RangeEncoder.Total"/>. A symbol outside the alphabet is coded too: as an escape, and then its distance.
/// </summary>
public sealed class FrequencyTable
{
    private readonly uint[] _starts;

    private FrequencyTable(int first, uint[] starts) => (First, _starts) = (first, starts);

    /// <summary>The smallest symbol of the alphabet.</summary>
    public int First { get; }

    /// <summary>How many symbols the alphabet has, without the escape.</summary>
    public int Count => _starts.Length - 2;

    /// <summary>The frequencies of the symbols <see cref="First"/>, <see cref="First"/> + 1, … and, last, of the escape.</summary>
    public IReadOnlyList<uint> Frequencies => [.. Enumerable.Range(0, Count + 1).Select(i => _starts[i + 1] - _starts[i])];

    /// <summary>Makes the frequencies proportional to <paramref name="counts"/>, each at least 1; the escape gets as much as a symbol seen once.</summary>
    /// <param name="first">The smallest symbol of the alphabet.</param>
    /// <param name="counts">How often each symbol from there on was seen; zeros are allowed.</param>
    /// <exception cref="ArgumentException">There is no symbol, there are more than 2^15, or a count is negative.</exception>
    public static FrequencyTable FromCounts(int first, ReadOnlySpan<long> counts)
    {
        if (counts.IsEmpty || counts.Length > RangeEncoder.Total / 2 || counts.ContainsAnyInRange(long.MinValue, -1))
        {
            throw new ArgumentException($"A table needs 1 to {RangeEncoder.Total / 2} counts, none of them negative.", nameof(counts));
        }

        decimal sum = 1;
        foreach (var count in counts)
        {
            sum += count;
        }

        // Every symbol gets its 1 first; only the rest is shared out, cumulatively, so that it comes out exact.
        var shared = RangeEncoder.Total - (uint)counts.Length - 1;
        var starts = new uint[counts.Length + 2];
        decimal before = 0;
        for (var i = 0; i <= counts.Length; i++)
        {
            before += i < counts.Length ? counts[i] : 1;
            starts[i + 1] = (uint)(i + 1) + (uint)decimal.Floor(shared * before / sum);
        }

        return new FrequencyTable(first, starts);
    }

    /// <summary>Writes one symbol.</summary>
    public void Encode(RangeEncoder encoder, int symbol)
    {
        var index = (long)symbol - First;
        if (index >= 0 && index < Count)
        {
            encoder.Encode(_starts[index], _starts[index + 1] - _starts[index]);
            return;
        }

        encoder.Encode(_starts[Count], RangeEncoder.Total - _starts[Count]);
        Escape.Encode(encoder, index < 0 ? 2 * (-index - 1) : 2 * (index - Count) + 1);
    }

    /// <summary>Reads one symbol.</summary>
    /// <returns>The symbol that was written; where the data is damaged, any number.</returns>
    public int Decode(ref RangeDecoder decoder)
    {
        var index = Find(decoder.Target);
        decoder.Consume(_starts[index], _starts[index + 1] - _starts[index]);
        if (index < Count)
        {
            return First + index;
        }

        var distance = Escape.Decode(ref decoder);
        return unchecked((int)((distance & 1) == 0 ? First - 1 - distance / 2 : First + Count + distance / 2));
    }

    /// <summary>How many bits a symbol costs.</summary>
    public double Bits(int symbol)
    {
        var index = (long)symbol - First;
        return index >= 0 && index < Count
            ? -Math.Log2((_starts[index + 1] - _starts[index]) / (double)RangeEncoder.Total)
            : throw new ArgumentOutOfRangeException(nameof(symbol), symbol, $"The alphabet is {First} to {First + Count - 1}.");
    }

    private int Find(uint target)
    {
        var found = Array.BinarySearch(_starts, target);
        return found >= 0 ? found : ~found - 1;
    }
}
