using System.Numerics;

namespace Autoencoders.Compression;

/// <summary>
/// Writes symbols as one codeword: an interval of the number line, narrowed in proportion to the frequency of each
/// symbol, and in the end the shortest bit string that names a subinterval of it. Integers only.
/// </summary>
/// <remarks>
/// <para>G. N. N. Martin, "Range encoding", 1979, with a carry that runs back through the bits already written, and with
/// the range brought back to [2^31, 2^32) after every symbol, bit by bit, so that a codeword has no byte to fill up.</para>
/// <para>A codeword is at most two bits longer than the information in its symbols (1.3 on average; the frequencies'
/// rounding adds less than 0.01 %). It names its interval whatever bits follow it, so codewords stand side by side
/// without marks between them: the decoder, having decoded the last symbol, knows where the codeword ended.</para>
/// </remarks>
public sealed class RangeEncoder
{
    /// <summary>Frequencies of one symbol's alternatives add up to 2 to this power.</summary>
    public const int FrequencyBits = 16;

    /// <summary>What the frequencies of one symbol's alternatives add up to.</summary>
    public const uint Total = 1u << FrequencyBits;

    private uint[] _words = new uint[64];
    private uint _range = uint.MaxValue;

    /// <summary>How many bits have been written: whole codewords, after <see cref="EndCodeword"/>.</summary>
    public long BitCount { get; private set; }

    /// <summary>Narrows the interval to the part of one symbol.</summary>
    /// <param name="start">The sum of the frequencies of all alternatives before this one.</param>
    /// <param name="frequency">The frequency of this one: at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frequency is 0, or the part reaches beyond <see cref="Total"/>.</exception>
    public void Encode(uint start, uint frequency)
    {
        if (frequency == 0 || start >= Total || frequency > Total - start)
        {
            throw new ArgumentOutOfRangeException(nameof(frequency), $"A symbol cannot have the part [{start}, {(long)start + frequency}) of [0, {Total}).");
        }

        var unit = _range >> FrequencyBits;
        Add(unit * start);
        // The last part takes what the division left over, so that nothing of the range is lost on likely symbols.
        Narrow(start + frequency == Total ? _range - unit * start : unit * frequency);
    }

    /// <summary>Writes the shortest bit string that lies in the interval whatever follows it, and starts a new interval behind it.</summary>
    public void EndCodeword()
    {
        var bits = RangeCodeword.EndBits(Low(), _range, out var roundingUp);
        Add(roundingUp);
        ClearAfter(BitCount + bits);
        BitCount += bits;
        _range = uint.MaxValue;
    }

    /// <summary>The codewords so far, first bit highest, the last byte filled up with zeros.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[(BitCount + 7) / 8];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(_words[i >> 2] >> (24 - 8 * (i & 3)));
        }

        return bytes;
    }

    private void Narrow(uint range)
    {
        var shift = BitOperations.LeadingZeroCount(range);
        _range = range << shift;
        BitCount += shift;
        if ((BitCount >> 5) + 2 >= _words.Length)
        {
            Array.Resize(ref _words, _words.Length * 2);
        }
    }

    private uint Low()
    {
        var (word, offset) = ((int)(BitCount >> 5), (int)(BitCount & 31));
        return (uint)(((((ulong)_words[word] << 32) | _words[word + 1]) << offset) >> 32);
    }

    private void Add(uint amount)
    {
        var (word, offset) = ((int)(BitCount >> 5), (int)(BitCount & 31));
        var sum = (((ulong)_words[word] << 32) | _words[word + 1]) + ((ulong)amount << (32 - offset));
        var carry = sum < ((ulong)amount << (32 - offset));
        (_words[word], _words[word + 1]) = ((uint)(sum >> 32), (uint)sum);
        while (carry)
        {
            carry = ++_words[--word] == 0;
        }
    }

    private void ClearAfter(long bit)
    {
        var (word, offset) = ((int)(bit >> 5), (int)(bit & 31));
        _words[word] &= ~(uint.MaxValue >> offset);
        Array.Clear(_words, word + 1, Math.Min(2, _words.Length - word - 1));
    }
}
