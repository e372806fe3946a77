using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Autoencoders.Data;

namespace Autoencoders.Compression;

/// <summary>
/// An entropy coder that works like a stack: what was pushed last comes off first. One number holds the message, and words of it
/// are put aside when it grows too long. Integers only.
/// </summary>
/// <remarks>
/// <para>J. Duda, "Asymmetric numeral systems", arXiv:1311.2540, the variant with ranges (rANS). The state stays in
/// [2^31, 2^63) and gives up or takes in 32 bits at a time, so that a symbol takes one division to push and none to pop.</para>
/// <para>Popping <em>what was never pushed</em> is allowed: it reads bits as if they were symbols, which is how <em>bits back</em>
/// draws a sample. Where the stack has none left, it borrows: words of a fixed sequence, each counted in <see cref="Borrowed"/>.
/// Once all pops are undone the stack holds exactly the words it borrowed (<see cref="IsAsBorrowed"/>).</para>
/// </remarks>
public sealed class RansStack
{
    /// <summary>Frequencies of one symbol's alternatives add up to 2 to the power of at most this.</summary>
    public const int MostBits = 31;

    private const ulong Lowest = 1ul << 31;
    private const int WordBits = 32, WordBytes = 4, StateBytes = 8;

    private readonly List<uint> _words = [];
    private ulong _state = Lowest;

    /// <summary>An empty stack.</summary>
    public RansStack()
    {
    }

    /// <summary>The stack that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ArgumentException">The bytes are no stack.</exception>
    public RansStack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < StateBytes || bytes.Length % WordBytes != 0 || BinaryPrimitives.ReadUInt64LittleEndian(bytes) is var state && state - Lowest >= (Lowest << WordBits) - Lowest)
        {
            throw new ArgumentException($"These {bytes.Length} bytes are no stack: it has a state of 8 bytes, of 2^31 up to 2^63, and words of 4 bytes.", nameof(bytes));
        }

        _state = state;
        for (var i = bytes.Length - WordBytes; i >= StateBytes; i -= WordBytes)
        {
            _words.Add(BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]));
        }
    }

    /// <summary>How many words were borrowed.</summary>
    public int Borrowed { get; private set; }

    /// <summary>The length of <see cref="ToBytes"/> in bits.</summary>
    public long BitCount => 8L * StateBytes + (long)WordBits * _words.Count;

    /// <summary>Whether the stack holds what an empty one held after it borrowed some words, and nothing else.</summary>
    public bool IsAsBorrowed
    {
        get
        {
            var asBorrowed = _state == Lowest;
            for (var i = 0; i < _words.Count && asBorrowed; i++)
            {
                asBorrowed = _words[^(i + 1)] == Word(i);
            }

            return asBorrowed;
        }
    }

    /// <summary>Puts a symbol on the stack.</summary>
    /// <param name="start">The sum of the frequencies of all alternatives before this one.</param>
    /// <param name="frequency">The frequency of this one: at least 1.</param>
    /// <param name="bits">All frequencies add up to 2 to this power.</param>
    /// <exception cref="ArgumentOutOfRangeException">The frequency is 0, or the part reaches beyond the sum.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(uint start, uint frequency, int bits)
    {
        if (frequency == 0 || (uint)bits > MostBits || (ulong)start + frequency > 1ul << bits)
        {
            Refuse(start, frequency, bits);
        }

        if (_state >= (ulong)frequency << (63 - bits))
        {
            _words.Add((uint)_state);
            _state >>= WordBits;
        }

        var (quotient, rest) = Math.DivRem(_state, frequency);
        _state = (quotient << bits) + rest + start;
    }

    /// <summary>Where the symbol on top lies: the one whose part of [0, 2^bits) holds this.</summary>
    public uint Peek(int bits) => (uint)(_state & ((1ul << bits) - 1));

    /// <summary>Takes the symbol on top off the stack.</summary>
    /// <param name="start">The sum of the frequencies of all alternatives before it.</param>
    /// <param name="frequency">Its frequency.</param>
    /// <param name="bits">All frequencies add up to 2 to this power.</param>
    /// <exception cref="ArgumentOutOfRangeException">The symbol on top is another: <see cref="Peek"/> does not lie in this part.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pop(uint start, uint frequency, int bits)
    {
        var place = Peek(bits);
        if (place - start >= frequency)
        {
            Refuse(start, frequency, bits);
        }

        _state = frequency * (_state >> bits) + place - start;
        if (_state < Lowest)
        {
            _state = (_state << WordBits) | Next();
        }
    }

    /// <summary>The whole stack, its top first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[StateBytes + WordBytes * _words.Count];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _state);
        for (var i = 0; i < _words.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(StateBytes + WordBytes * i), _words[^(i + 1)]);
        }

        return bytes;
    }

    private uint Next()
    {
        if (_words.Count == 0)
        {
            return Word(Borrowed++);
        }

        var word = _words[^1];
        _words.RemoveAt(_words.Count - 1);
        return word;
    }

    // Words that look random, as sampling wants them.
    private static uint Word(int index) => (uint)(new SplitMix64((ulong)index).Next() >> WordBits);

    private static void Refuse(uint start, uint frequency, int bits) =>
        throw new ArgumentOutOfRangeException(nameof(frequency), $"The symbol cannot have the part [{start}, {(long)start + frequency}) of [0, 2^{bits}).");
}
