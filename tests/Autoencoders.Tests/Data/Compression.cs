using System.IO.Compression;

namespace Autoencoders.Tests.Data;

internal static class Compression
{
    public static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    public static byte[] ReadGzip(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>How many bytes come out of <paramref name="compressed"/> before it ends or turns out to be damaged.</summary>
    public static long ReadableLength(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var buffer = new byte[256];
        long length = 0;
        try
        {
            while (gzip.Read(buffer) is var read and > 0)
            {
                length += read;
            }
        }
        catch (InvalidDataException)
        {
        }

        return length;
    }
}
