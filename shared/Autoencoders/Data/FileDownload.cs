namespace Autoencoders.Data;

/// <summary>The download of one file of MNIST, from the first mirror that has it whole.</summary>
/// <param name="client">Sends the requests.</param>
/// <param name="file">What to download.</param>
/// <param name="folder">Where to put it.</param>
/// <param name="report">Takes the bytes received, the bytes to come in all if known, and whether the file is complete.</param>
internal sealed class FileDownload(MirrorClient client, MnistFile file, string folder, Action<long, long?, bool> report)
{
    private readonly string _path = Path.Combine(folder, file.GzipName);

    // A name of its own for each download: two at once must not write into the same file.
    private readonly string _partial = Path.Combine(folder, $"{file.GzipName}.{Path.GetRandomFileName()}.part");

    /// <summary>Downloads the file if it is not there and right already.</summary>
    /// <returns>The mirror that delivered it, or null if none had to.</returns>
    public async Task<Uri?> RunAsync(IReadOnlyList<Uri> mirrors, CancellationToken cancellation)
    {
        var present = file.FindIn(folder);
        if (present is not null && await file.IsVerifiedAsync(present, cancellation))
        {
            ReportComplete(present);
            return null;
        }

        try
        {
            return await FetchFromAnyAsync(mirrors, cancellation);
        }
        finally
        {
            File.Delete(_partial);
        }
    }

    private async Task<Uri> FetchFromAnyAsync(IReadOnlyList<Uri> mirrors, CancellationToken cancellation)
    {
        var failures = new List<(Uri Mirror, Exception Reason)>();
        foreach (var mirror in mirrors)
        {
            try
            {
                await FetchVerifiedAsync(new Uri(mirror, file.GzipName), cancellation);
                File.Move(_partial, _path, overwrite: true);
                ReportComplete(_path);
                return mirror;
            }
            catch (Exception e) when (MirrorClient.IsRemote(e))
            {
                failures.Add((mirror, e));
            }
        }

        var reasons = string.Join("; ", failures.Select(failure => $"{failure.Mirror}: {failure.Reason.Message.TrimEnd('.')}"));
        throw new MnistDownloadException(
            $"No mirror delivered {file.GzipName} ({reasons}). Check the network connection and try again, or put the file into {folder} by hand.",
            failures.Select(failure => failure.Reason));
    }

    private async Task FetchVerifiedAsync(Uri address, CancellationToken cancellation)
    {
        await using (var target = File.Create(_partial))
        {
            await client.FetchAsync(address, target, file.LongestGzip, (received, total) => report(received, total, false), cancellation);
        }

        if (!await file.IsVerifiedAsync(_partial, cancellation))
        {
            throw new InvalidDataException("it sends something else, for the SHA-256 of the uncompressed bytes is not the one of MNIST");
        }
    }

    private void ReportComplete(string path)
    {
        var size = new FileInfo(path).Length;
        report(size, size, true);
    }
}
