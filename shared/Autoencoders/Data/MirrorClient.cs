using System.Net;
using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Autoencoders.Data;

/// <summary>Fetches files over HTTP, with a time-out on silence and retries of what may pass.</summary>
internal sealed class MirrorClient : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly HttpClient _http;
    private readonly ResiliencePipeline _timeout;
    private readonly ResiliencePipeline _retry;

    public MirrorClient(MnistDownloadOptions options)
    {
        _http = options.Handler is null ? new HttpClient() : new HttpClient(options.Handler, disposeHandler: false);
        // Its own time-out would count a slow but steady download as a failure.
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _timeout = new ResiliencePipelineBuilder().AddTimeout(options.StallTimeout).Build();
        _retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } e && MayPass(e)),
        }).Build();
    }

    /// <summary>Whether <paramref name="e"/> is the mirror's or the network's fault, and not that of this machine's disk.</summary>
    public static bool IsRemote(Exception e) =>
        e is HttpRequestException or HttpIOException or TimeoutRejectedException or InvalidDataException or IOException { InnerException: SocketException };

    /// <summary>Writes what is at <paramref name="address"/> into <paramref name="target"/>, from its beginning at every attempt.</summary>
    /// <param name="address">What to fetch.</param>
    /// <param name="target">A stream that can seek.</param>
    /// <param name="limit">More bytes than this are an error: no mirror may fill the disk.</param>
    /// <param name="report">Takes the bytes received so far and the bytes to come in all, if the mirror says.</param>
    /// <param name="cancellation">Ends the request at once.</param>
    public async Task FetchAsync(Uri address, Stream target, long limit, Action<long, long?> report, CancellationToken cancellation) =>
        await _retry.ExecuteAsync(async token => await FetchOnceAsync(address, target, limit, report, token), cancellation);

    public void Dispose() => _http.Dispose();

    private static bool MayPass(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500,
        InvalidDataException => false,
        _ => IsRemote(e),
    };

    private async Task FetchOnceAsync(Uri address, Stream target, long limit, Action<long, long?> report, CancellationToken cancellation)
    {
        target.SetLength(0);
        using var response = await _timeout.ExecuteAsync(
            async token => await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, token), cancellation);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BufferSize];
        while (await _timeout.ExecuteAsync(async token => await body.ReadAsync(buffer, token), cancellation) is var read and > 0)
        {
            if (target.Length + read > limit)
            {
                throw new InvalidDataException($"it sends more than {limit} bytes, which the file cannot have");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
            report(target.Length, response.Content.Headers.ContentLength);
        }
    }
}
