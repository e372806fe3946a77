using System.IO.Compression;

namespace Autoencoders.Data;

/// <summary>Looks through gzip, which is recognised by its first two bytes and not by the name of a file.</summary>
internal static class GzipContent
{
    /// <summary>The content of <paramref name="stream"/> from its position on: decompressed if it is gzip, otherwise as it is.</summary>
    /// <param name="stream">A stream that can seek; it stays open.</param>
    public static Stream Open(Stream stream)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        stream.Seek(-read, SeekOrigin.Current);
        return magic is [0x1f, 0x8b] ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : stream;
    }
}
