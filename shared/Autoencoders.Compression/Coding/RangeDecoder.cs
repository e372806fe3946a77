using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autoencoders.Compression;

/// <summary>Reads the codewords of <see cref="RangeEncoder"/>. Bits behind the end of the data count as zeros.</summary>
/// <remarks>
/// Every input decodes to some symbols, in a time and memory that depend only on how many symbols are asked for:
/// whether they are the right ones is for the container to know (a <c>.cae</c> file has a checksum).
/// </remarks>
public struct RangeDecoder
{
    private const int MostBitsAtOnce = 16;

    private readonly byte[] _data;
    private long _next;
    private ulong _ahead;
    private int _bitsAhead;
    private uint _low, _range, _offset;

    /// <summary>Starts at the first bit of a codeword.</summary>
    /// <param name="data">Codewords, first bit highest.</param>
    /// <param name="bitPosition">Where the codeword begins.</param>
    public RangeDecoder(byte[] data, long bitPosition = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bitPosition);
        _data = data;
        Start(bitPosition);
    }

    /// <summary>Where in the 2^16 parts of the interval the codeword lies: the symbol whose part holds this comes next.</summary>
    public readonly uint Target => Math.Min(_offset / (_range >> RangeEncoder.FrequencyBits), RangeEncoder.Total - 1);

    /// <summary>Whether the codeword lies at or above <paramref name="start"/>: <see cref="Target"/> without its division.</summary>
    public readonly bool IsAtLeast(uint start) => _offset >= (_range >> RangeEncoder.FrequencyBits) * start;

    /// <summary>Reads symbols for as long as each is the first of its alternatives: a fast way through what is nearly certain.</summary>
    /// <param name="frequencies">The frequency of the first alternative of each symbol.</param>
    /// <returns>How many symbols were read: the next, if there is one, is another than the first.</returns>
    internal int ReadFirsts(ReadOnlySpan<uint> frequencies)
    {
        var (low, range, offset) = (_low, _range, _offset);
        var read = 0;
        for (; read < frequencies.Length; read++)
        {
            var part = (range >> RangeEncoder.FrequencyBits) * frequencies[read];
            if (offset >= part)
            {
                break;
            }

            var shift = BitOperations.LeadingZeroCount(part);
            (low, range) = (low << shift, part << shift);
            offset = (offset << shift) | Next(shift);
        }

        (_low, _range, _offset) = (low, range, offset);
        return read;
    }

    /// <summary>Narrows the interval to the part of the symbol that was found.</summary>
    /// <param name="start">The sum of the frequencies of all alternatives before this one.</param>
    /// <param name="frequency">The frequency of this one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(uint start, uint frequency)
    {
        var unit = _range >> RangeEncoder.FrequencyBits;
        var skipped = unit * start;
        var range = start + frequency == RangeEncoder.Total ? _range - skipped : unit * frequency;
        var shift = BitOperations.LeadingZeroCount(range);
        _low = (_low + skipped) << shift;
        _offset = ((_offset - skipped) << shift) | Next(shift);
        _range = range << shift;
    }

    /// <summary>Ends a codeword and starts on the one behind it.</summary>
    /// <returns>The bit where the ended codeword ends and the next begins.</returns>
    public long EndCodeword()
    {
        var end = _next - 32 + RangeCodeword.EndBits(_low, _range, out _);
        Start(end);
        return end;
    }

    private void Start(long position)
    {
        (_low, _range, _next) = (0, uint.MaxValue, position);
        LookAhead();
        _offset = (uint)(_ahead >> 32);
        _next += 32;
        LookAhead();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Next(int count)
    {
        var bits = (uint)((_ahead >> 1) >> (63 - count));
        _ahead <<= count;
        _bitsAhead -= count;
        _next += count;
        if (_bitsAhead < MostBitsAtOnce)
        {
            LookAhead();
        }

        return bits;
    }

    // The range is never below 2^15 before it is brought back, so that a symbol takes at most MostBitsAtOnce bits.
    private void LookAhead()
    {
        var (index, offset) = ((int)Math.Min(_next >> 3, _data.Length), (int)(_next & 7));
        var rest = _data.AsSpan(index);
        _ahead = (rest.Length >= 8 ? BinaryPrimitives.ReadUInt64BigEndian(rest) : Last(rest)) << offset;
        _bitsAhead = 64 - offset;
    }

    private static ulong Last(ReadOnlySpan<byte> rest)
    {
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        rest.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }
}
