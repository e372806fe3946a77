using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Autoencoders.Data;

/// <summary>Fetches files over HTTP, with limits of time and size, and retries of what may pass.</summary>
internal sealed class MirrorClient : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly HttpClient _http;
    private readonly ResiliencePipeline _stall;
    private readonly ResiliencePipeline _file;

    public MirrorClient(MnistDownloadOptions options)
    {
        _http = options.Handler is null ? new HttpClient() : new HttpClient(options.Handler, disposeHandler: false);
        // Its own time-out would count a slow but steady download as a failure.
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _stall = new ResiliencePipelineBuilder().AddTimeout(options.StallTimeout).Build();
        var file = new ResiliencePipelineBuilder().AddTimeout(options.FileTimeout);
        _file = (options.Retries == 0 ? file : file.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is { } e && MayPass(e)),
        })).Build();
    }

    /// <summary>What is at <paramref name="address"/>.</summary>
    /// <param name="address">What to fetch.</param>
    /// <param name="limit">More bytes than this are an error: no mirror may fill the memory.</param>
    /// <param name="report">Takes the bytes received so far, from 0 again at every attempt, and the bytes to come in all, if the mirror says.</param>
    /// <param name="cancellation">Ends the request at once.</param>
    public async Task<byte[]> FetchAsync(Uri address, long limit, Action<long, long?> report, CancellationToken cancellation) =>
        await _file.ExecuteAsync(async token => await FetchOnceAsync(address, limit, report, token), cancellation);

    public void Dispose() => _http.Dispose();

    private static bool MayPass(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500,
        InvalidDataException => false,
        _ => e is IOException or HttpRequestException or TimeoutRejectedException,
    };

    private async Task<byte[]> FetchOnceAsync(Uri address, long limit, Action<long, long?> report, CancellationToken cancellation)
    {
        using var response = await _stall.ExecuteAsync(
            async token => await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, token), cancellation);
        response.EnsureSuccessStatusCode();
        var announced = response.Content.Headers.ContentLength;
        CheckLength(announced ?? 0, limit);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var (received, buffer) = (new MemoryStream(), new byte[BufferSize]);
        while (await _stall.ExecuteAsync(async token => await body.ReadAsync(buffer, token), cancellation) is var read and > 0)
        {
            CheckLength(received.Length + read, limit);
            received.Write(buffer, 0, read);
            report(received.Length, announced);
        }

        return received.ToArray();
    }

    private static void CheckLength(long length, long limit)
    {
        if (length > limit)
        {
            throw new InvalidDataException($"it sends more than {limit} bytes, which the file cannot have");
        }
    }
}
