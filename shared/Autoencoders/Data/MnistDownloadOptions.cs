namespace Autoencoders.Data;

/// <summary>Where <see cref="MnistDownloader"/> looks for MNIST and how patient it is.</summary>
public sealed record MnistDownloadOptions
{
    /// <summary>The folders on the web that serve the four gzipped files, tried in this order. Each ends in a slash.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>How long a mirror may send nothing before the attempt is given up. A slow download that goes on is left alone.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a mirror is asked again after a failure that may pass, such as a lost connection; 1 or more.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long to wait before the first retry; each further wait is twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What sends the requests, if not the default handler: for a proxy with its own rules, for instance.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The files to download: in tests, smaller ones than those of MNIST.</summary>
    internal IReadOnlyList<MnistFile> Files { get; init; } = MnistFile.All;
}
