namespace Autoencoders.Compression;

/// <summary>Puts bit strings of known total length side by side, first bit highest.</summary>
internal sealed class BitWriter(long bits)
{
    private long _position;

    /// <summary>The bits so far; zeros where none were written yet.</summary>
    public byte[] Bytes { get; } = new byte[(bits + 7) / 8];

    /// <summary>Appends the lowest <paramref name="count"/> bits of <paramref name="value"/>, the highest of them first.</summary>
    public void Append(ulong value, int count)
    {
        for (var bit = count - 1; bit >= 0; bit--)
        {
            Bytes[_position >> 3] |= (byte)(((value >> bit) & 1) << (int)(7 - (_position & 7)));
            _position++;
        }
    }

    /// <summary>Appends the first <paramref name="count"/> bits of <paramref name="source"/>.</summary>
    public void Append(ReadOnlySpan<byte> source, long count)
    {
        for (var i = 0; i < count / 8; i++)
        {
            Append(source[i], 8);
        }

        if (count % 8 != 0)
        {
            Append((ulong)source[(int)(count / 8)] >> (int)(8 - count % 8), (int)(count % 8));
        }
    }
}
