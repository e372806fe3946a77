namespace Autoencoders.Data;

/// <summary>Downloads the complete MNIST set: 11 MB in four gzipped IDX files.</summary>
public static class MnistDownloader
{
    /// <summary>Downloads from the usual mirrors what is not in <paramref name="folder"/> yet.</summary>
    /// <inheritdoc cref="DownloadAsync(MnistDownloadOptions, string?, IProgress{DownloadProgress}?, CancellationToken)"/>
    public static Task DownloadAsync(
        string? folder = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        DownloadAsync(new MnistDownloadOptions(), folder, progress, cancellation);

    /// <summary>Downloads as <paramref name="options"/> say what is not in <paramref name="folder"/> yet.</summary>
    /// <param name="options">Mirrors, time-outs and retries.</param>
    /// <param name="folder">Where to put the files: <c>data/mnist</c> in the project if null. It is made if need be.</param>
    /// <param name="progress">Hears of every piece received and every file completed.</param>
    /// <param name="cancellation">Ends the download; files already complete stay.</param>
    /// <remarks>
    /// A file appears in the folder only when it is whole and its SHA-256, taken of the uncompressed bytes, is right.
    /// Files that are there already are checked, and replaced if they are damaged.
    /// </remarks>
    /// <exception cref="MnistDownloadException">No mirror delivered one of the files, whatever they did instead.</exception>
    /// <exception cref="ArgumentException">The options name no mirror, or hold a number that is out of range.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static async Task DownloadAsync(
        MnistDownloadOptions options, string? folder = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        options.Check();
        folder = Directory.CreateDirectory(folder ?? MnistDataset.DownloadFolder).FullName;
        using var client = new MirrorClient(options);
        var mirrors = options.Mirrors;
        for (var i = 0; i < options.Files.Count; i++)
        {
            var download = new FileDownload(client, options.Files[i], folder, (received, total, isComplete) =>
                progress?.Report(new DownloadProgress(options.Files[i].GzipName, i + 1, options.Files.Count, received, total, isComplete)));
            if (await download.RunAsync(mirrors, cancellation) is { } helpful)
            {
                // A mirror that is down costs its time-outs once, not for every file.
                mirrors = [helpful, .. mirrors.Where(mirror => mirror != helpful)];
            }
        }
    }
}
