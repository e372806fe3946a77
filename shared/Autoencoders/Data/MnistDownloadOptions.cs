namespace Autoencoders.Data;

/// <summary>Where <see cref="MnistDownloader"/> looks for MNIST and how patient it is.</summary>
public sealed record MnistDownloadOptions
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10), Longest = TimeSpan.FromDays(1);

    /// <summary>The folders on the web that serve the four gzipped files, tried in this order.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>How long a mirror may send nothing before the attempt is given up: 10 ms to a day. A slow download that goes on is left alone.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one file may take from one mirror, retries included: 10 ms to a day.</summary>
    public TimeSpan FileTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a mirror is asked again after a failure that may pass, such as a lost connection; 0 for never.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long to wait before the first retry; each further wait is twice as long. At most a day.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What sends the requests, if not the default handler: for a proxy with its own rules, for instance.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The files to download: in tests, smaller ones than those of MNIST.</summary>
    internal IReadOnlyList<MnistFile> Files { get; init; } = MnistFile.All;

    /// <summary>Refuses what no download can be made with.</summary>
    /// <exception cref="ArgumentException">There is no mirror, or a number is out of range; the message names it.</exception>
    internal void Check()
    {
        if (Mirrors.Count == 0)
        {
            throw new ArgumentException("There is no mirror to download from.", nameof(Mirrors));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        CheckTime(StallTimeout, Shortest, nameof(StallTimeout));
        CheckTime(FileTimeout, Shortest, nameof(FileTimeout));
        CheckTime(RetryDelay, TimeSpan.Zero, nameof(RetryDelay));
    }

    private static void CheckTime(TimeSpan time, TimeSpan shortest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, shortest, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, Longest, name);
    }
}
