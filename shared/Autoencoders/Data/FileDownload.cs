namespace Autoencoders.Data;

/// <summary>The download of one file of MNIST, from the first mirror that has it whole.</summary>
/// <param name="client">Sends the requests.</param>
/// <param name="file">What to download.</param>
/// <param name="folder">Where to put it.</param>
/// <param name="report">Takes the bytes received, the bytes to come in all if known, and whether the file is complete.</param>
internal sealed class FileDownload(MirrorClient client, MnistFile file, string folder, Action<long, long?, bool> report)
{
    private readonly string _path = Path.Combine(folder, file.GzipName);

    /// <summary>Downloads the file if it is not there and right already.</summary>
    /// <returns>The mirror that delivered it, or null if none had to.</returns>
    public async Task<Uri?> RunAsync(IReadOnlyList<Uri> mirrors, CancellationToken cancellation)
    {
        if (file.FindIn(folder) is { } present && IsVerified(present))
        {
            ReportComplete(new FileInfo(present).Length);
            return null;
        }

        // Earlier versions wrote what they received here, and left it where they were killed.
        foreach (var stale in Directory.EnumerateFiles(folder, $"{file.GzipName}.*.part"))
        {
            File.Delete(stale);
        }

        var (mirror, content) = await FetchFromAnyAsync(mirrors, cancellation);
        AtomicFile.Write(_path, stream => stream.Write(content));
        ReportComplete(content.Length);
        return mirror;
    }

    private async Task<(Uri Mirror, byte[] Content)> FetchFromAnyAsync(IReadOnlyList<Uri> mirrors, CancellationToken cancellation)
    {
        var failures = new List<(Uri Mirror, Exception Reason)>();
        foreach (var mirror in mirrors)
        {
            try
            {
                return (mirror, await FetchVerifiedAsync(mirror, cancellation));
            }
            catch (Exception e)
            {
                // Nothing in there but the mirror, the network and the protocol can fail, and there is no end of ways in which they do.
                cancellation.ThrowIfCancellationRequested();
                failures.Add((mirror, e));
            }
        }

        var reasons = string.Join("; ", failures.Select(failure => $"{failure.Mirror}: {failure.Reason.Message.TrimEnd('.')}"));
        throw new MnistDownloadException(
            $"No mirror delivered {file.GzipName} ({reasons}). Check the network connection and try again, or put the file into {folder} by hand.",
            failures.Select(failure => failure.Reason));
    }

    private async Task<byte[]> FetchVerifiedAsync(Uri mirror, CancellationToken cancellation)
    {
        var address = new Uri($"{mirror.AbsoluteUri.TrimEnd('/')}/{file.GzipName}");
        var content = await client.FetchAsync(address, file.LongestGzip, (received, total) => report(received, total, false), cancellation);
        return file.IsIn(new MemoryStream(content))
            ? content
            : throw new InvalidDataException("it sends something else, for the SHA-256 of the uncompressed bytes is not the one of MNIST");
    }

    private bool IsVerified(string path)
    {
        using var stored = File.OpenRead(path);
        return file.IsIn(stored);
    }

    private void ReportComplete(long size) => report(size, size, true);
}
