using System.Net;
using Autoencoders.Data;
using Polly.Timeout;

namespace Autoencoders.Tests.Data;

public sealed class MnistDownloaderTests : IDisposable
{
    private const string FirstName = "train-images-idx3-ubyte.gz";

    private readonly TemporaryFolder _source = new();
    private readonly TemporaryFolder _target = new();
    private readonly IReadOnlyList<MnistFile> _files;
    private TimeSpan _stallTimeout = TimeSpan.FromMinutes(10);

    public MnistDownloaderTests()
    {
        SmallMnist.Write(_source.Root, ".gz");
        _files = SmallMnist.Describe(_source.Root);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }

    [Fact]
    public async Task Downloads_the_four_files_as_they_are_served()
    {
        await using var server = LoopbackServer.Serving(_source.Root);

        await DownloadAsync(server);

        AssertComplete();
        Assert.Equal(SmallMnist.TrainCount, MnistDataset.Load(_target.Root).Train.Count);
    }

    [Fact]
    public async Task Makes_the_folder()
    {
        await using var server = LoopbackServer.Serving(_source.Root);

        await MnistDownloader.DownloadAsync(Options(server), _target["new/folder"], cancellation: Token);

        Assert.Equal(4, Directory.GetFiles(_target["new/folder"]).Length);
    }

    [Fact]
    public async Task Progress_grows_file_by_file_to_the_whole()
    {
        await using var server = LoopbackServer.Serving(_source.Root);
        var progress = new Recorder();

        await MnistDownloader.DownloadAsync(Options(server), _target.Root, progress, Token);

        var size = new FileInfo(_source[FirstName]).Length;
        Assert.Equal(new DownloadProgress(FirstName, 1, 4, size, size, true), progress.Reports.First(report => report.IsComplete));
        Assert.Equal(_files.Select(file => file.GzipName), progress.Reports.Where(report => report.IsComplete).Select(report => report.File));
        Assert.Equal([1, 2, 3, 4], progress.Reports.Select(report => report.FileNumber).Distinct());
        foreach (var file in progress.Reports.GroupBy(report => report.File))
        {
            Assert.True(file.Count() >= 2, "no report before the file was complete");
            Assert.Equal(file.Select(report => report.Received).Order(), file.Select(report => report.Received));
            Assert.All(file, report => Assert.Equal(file.Last().Received, report.Total));
        }
    }

    [Fact]
    public async Task Files_that_are_there_and_right_are_not_asked_for()
    {
        await using var server = LoopbackServer.Serving(_source.Root);
        File.Copy(_source[FirstName], _target[FirstName]);
        File.WriteAllBytes(_target["train-labels-idx1-ubyte"], Compression.ReadGzip(_source["train-labels-idx1-ubyte.gz"]));
        var progress = new Recorder();

        await MnistDownloader.DownloadAsync(Options(server), _target.Root, progress, Token);

        Assert.Equal(["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"], server.Requests);
        Assert.Equal(4, progress.Reports.Count(report => report.IsComplete));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_there_but_damaged_is_replaced(bool isGzip)
    {
        await using var server = LoopbackServer.Serving(_source.Root);
        File.WriteAllBytes(_target[FirstName], isGzip ? File.ReadAllBytes(_source[FirstName])[..^100] : [1, 2, 3]);

        await DownloadAsync(server);

        AssertComplete();
    }

    [Fact]
    public async Task After_a_404_the_next_mirror_is_asked_at_once_and_from_then_on_first()
    {
        await using var bad = LoopbackServer.Refusing("404 Not Found");
        await using var good = LoopbackServer.Serving(_source.Root);

        await DownloadAsync(bad, good);

        AssertComplete();
        Assert.Equal([FirstName], bad.Requests);
        Assert.Equal(4, good.Requests.Count);
    }

    [Fact]
    public async Task A_failure_of_the_server_is_tried_again()
    {
        var requests = 0;
        await using var server = new LoopbackServer((name, stream, token) => requests++ == 0
            ? stream.WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), token).AsTask()
            : LoopbackServer.SendAsync(stream, File.ReadAllBytes(_source[name]), token));

        await DownloadAsync(server);

        AssertComplete();
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task Corrupt_bytes_are_not_kept_and_the_next_mirror_is_asked()
    {
        await using var bad = new LoopbackServer((name, stream, token) =>
        {
            var content = Compression.ReadGzip(_source[name]);
            content[^1] ^= 1;
            return LoopbackServer.SendAsync(stream, Compression.Gzip(content), token);
        });
        await using var good = LoopbackServer.Serving(_source.Root);

        await DownloadAsync(bad, good);

        AssertComplete();
        Assert.Equal([FirstName], bad.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_breaks_off_is_no_file(bool announcesLength)
    {
        await using var server = new LoopbackServer((name, stream, token) =>
        {
            var content = File.ReadAllBytes(_source[name]);
            return LoopbackServer.SendAsync(stream, content[..(content.Length / 2)], announcesLength ? content.Length : null, token);
        });

        await AssertFailsAsync(server);
    }

    [Fact]
    public async Task After_a_response_that_breaks_off_the_next_attempt_starts_afresh()
    {
        var requests = 0;
        await using var server = new LoopbackServer((name, stream, token) =>
        {
            var content = File.ReadAllBytes(_source[name]);
            return LoopbackServer.SendAsync(stream, requests++ % 2 == 0 ? content[..(content.Length / 2)] : content, content.Length, token);
        });

        await DownloadAsync(server);

        AssertComplete();
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        _stallTimeout = TimeSpan.FromMilliseconds(300);
        await using var server = new LoopbackServer((_, _, token) => Task.Delay(Timeout.Infinite, token));

        var e = await AssertFailsAsync(server);

        Assert.IsType<TimeoutRejectedException>(((AggregateException)e.InnerException!).InnerExceptions.Single());
    }

    [Fact]
    public async Task A_server_that_stops_halfway_is_given_up()
    {
        _stallTimeout = TimeSpan.FromMilliseconds(300);
        await using var server = new LoopbackServer(SendHalfAndWaitAsync);

        await AssertFailsAsync(server);
    }

    [Fact]
    public async Task A_server_that_never_ends_is_cut_off()
    {
        await using var server = new LoopbackServer(async (_, stream, token) =>
        {
            await LoopbackServer.SendAsync(stream, [], null, token);
            while (true)
            {
                await stream.WriteAsync(new byte[10_000], token);
            }
        });

        Assert.Contains("it sends more than", (await AssertFailsAsync(server)).Message);
    }

    [Fact]
    public async Task A_server_that_drips_is_given_up()
    {
        await using var server = new LoopbackServer(async (_, stream, token) =>
        {
            await LoopbackServer.SendAsync(stream, [], null, token);
            while (true)
            {
                await stream.WriteAsync(new byte[1], token);
                await Task.Delay(20, token);
            }
        });

        var e = await Assert.ThrowsAsync<MnistDownloadException>(
            () => MnistDownloader.DownloadAsync(Options(server) with { FileTimeout = TimeSpan.FromMilliseconds(500) }, _target.Root, cancellation: Token));

        Assert.IsType<TimeoutRejectedException>(((AggregateException)e.InnerException!).InnerExceptions.Single());
        Assert.Empty(_target.Files);
    }

    public static TheoryData<string> StrangeAnswers =>
    [
        "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: file:\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: //\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: ftp://a/b\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: train-images-idx3-ubyte.gz\r\n\r\n",
        "HTTP/1.1 302 Found\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        "HTTP/9.9 abc\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        $"HTTP/1.1 200 OK\r\nX: {new string('x', 200_000)}\r\n\r\n",
        "",
    ];

    [Theory]
    [MemberData(nameof(StrangeAnswers))]
    public async Task Whatever_a_mirror_answers_the_next_one_is_asked(string answer)
    {
        await using var strange = new LoopbackServer((_, stream, token) => stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), token).AsTask());
        await using var good = LoopbackServer.Serving(_source.Root);

        await DownloadAsync(strange, good);

        AssertComplete();
    }

    [Fact]
    public async Task A_mirror_that_is_no_address_of_the_web_is_passed_over()
    {
        await using var good = LoopbackServer.Serving(_source.Root);
        var options = Options(good);
        Uri[] mirrors = [new("file:///mnist/"), new("gopher://mnist/"), new("mnist/", UriKind.Relative), new(good.Address.AbsoluteUri.TrimEnd('/'))];

        await MnistDownloader.DownloadAsync(options with { Mirrors = mirrors }, _target.Root, cancellation: Token);

        AssertComplete();
    }

    [Fact]
    public async Task No_retries_and_numbers_out_of_range()
    {
        await using var server = LoopbackServer.Refusing("503 Service Unavailable");
        var options = Options(server);

        await Assert.ThrowsAsync<MnistDownloadException>(() => MnistDownloader.DownloadAsync(options with { Retries = 0 }, _target.Root, cancellation: Token));
        Assert.Equal([FirstName], server.Requests);
        MnistDownloadOptions[] wrong =
        [
            options with { Mirrors = [] }, options with { Retries = -1 }, options with { StallTimeout = TimeSpan.Zero },
            options with { FileTimeout = TimeSpan.MaxValue }, options with { RetryDelay = TimeSpan.FromSeconds(-1) },
        ];
        foreach (var bad in wrong)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => MnistDownloader.DownloadAsync(bad, _target.Root, cancellation: Token));
        }
    }

    [Fact]
    public async Task What_a_killed_download_left_is_removed_by_the_next()
    {
        await using var server = LoopbackServer.Serving(_source.Root);
        File.WriteAllText(_target[FirstName + ".abcdefgh.ijk.part"], "half a file");

        await DownloadAsync(server);

        AssertComplete();
    }

    [Fact]
    public async Task A_present_file_that_unpacks_without_end_is_replaced_in_bounded_time()
    {
        await using var server = LoopbackServer.Serving(_source.Root);
        File.WriteAllBytes(_target[FirstName], Compression.Gzip(new byte[200_000_000]));
        var file = _files[0];
        using var stored = File.OpenRead(_target[FirstName]);
        Assert.False(file.IsIn(stored));
        Assert.InRange(stored.Position, 1, stored.Length - 1);
        stored.Dispose();

        await DownloadAsync(server);

        AssertComplete();
    }

    [Fact]
    public async Task When_all_mirrors_fail_the_message_says_what_each_did_and_what_to_do()
    {
        await using var absent = LoopbackServer.Refusing("404 Not Found");
        await using var rubbish = new LoopbackServer((_, stream, token) => LoopbackServer.SendAsync(stream, "<html>"u8.ToArray(), token));

        var e = await AssertFailsAsync(absent, rubbish);

        Assert.Equal(
            $"No mirror delivered {FirstName} ({absent.Address}: Response status code does not indicate success: 404 (Not Found); " +
            $"{rubbish.Address}: it sends something else, for the SHA-256 of the uncompressed bytes is not the one of MNIST). " +
            $"Check the network connection and try again, or put the file into {_target.Root} by hand.",
            e.Message);
    }

    [Fact]
    public async Task A_mirror_that_cannot_be_reached_is_passed_over()
    {
        var gone = LoopbackServer.Serving(_source.Root);
        await gone.DisposeAsync();
        await using var good = LoopbackServer.Serving(_source.Root);

        await DownloadAsync(gone, good);

        AssertComplete();
    }

    [Fact]
    public async Task Cancelling_midway_leaves_whole_files_and_no_half_one()
    {
        await using var server = new LoopbackServer((name, stream, token) => name == FirstName
            ? LoopbackServer.SendAsync(stream, File.ReadAllBytes(_source[name]), token)
            : SendHalfAndWaitAsync(name, stream, token));
        using var cancelling = new CancellationTokenSource();
        var progress = new Recorder(report =>
        {
            if (report is { FileNumber: 2, Received: > 0 })
            {
                Assert.Single(_target.Files); // the first file, and nothing of the second
                cancelling.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MnistDownloader.DownloadAsync(Options(server), _target.Root, progress, cancelling.Token));

        Assert.Equal([FirstName], _target.Files);
    }

    [Fact]
    public async Task Cancelling_beforehand_asks_nobody()
    {
        await using var server = LoopbackServer.Serving(_source.Root);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => MnistDownloader.DownloadAsync(Options(server), _target.Root, cancellation: new CancellationToken(true)));

        Assert.Empty(server.Requests);
        Assert.Empty(_target.Files);
    }

    [Fact]
    public async Task A_handler_of_ones_own_sends_the_requests()
    {
        using var handler = new Refuser();
        var options = new MnistDownloadOptions { Handler = handler, RetryDelay = TimeSpan.Zero };

        await Assert.ThrowsAsync<MnistDownloadException>(() => MnistDownloader.DownloadAsync(options, _target.Root, cancellation: Token));

        Assert.Equal(
            ["https://ossci-datasets.s3.amazonaws.com/mnist/" + FirstName, "https://storage.googleapis.com/cvdf-datasets/mnist/" + FirstName],
            handler.Addresses);
    }

    [Fact]
    public async Task The_real_files_have_the_built_in_checksums()
    {
        await using var server = LoopbackServer.Serving(CompleteMnist.FolderOrSkip());

        await MnistDownloader.DownloadAsync(new MnistDownloadOptions { Mirrors = [server.Address] }, _target.Root, cancellation: Token);

        Assert.Equal(MnistFile.All.Select(file => file.GzipName).Order(), _target.Files);
        Assert.All(MnistFile.All, file => Assert.Equal(file.Length, Compression.ReadGzip(_target[file.GzipName]).Length));
    }

    private MnistDownloadOptions Options(params LoopbackServer[] mirrors) => new()
    {
        Mirrors = [.. mirrors.Select(mirror => mirror.Address)],
        StallTimeout = _stallTimeout,
        Retries = 1,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Files = _files,
    };

    private Task DownloadAsync(params LoopbackServer[] mirrors) =>
        MnistDownloader.DownloadAsync(Options(mirrors), _target.Root, cancellation: Token);

    private async Task<MnistDownloadException> AssertFailsAsync(params LoopbackServer[] mirrors)
    {
        var e = await Assert.ThrowsAsync<MnistDownloadException>(() => DownloadAsync(mirrors));
        Assert.Empty(_target.Files);
        return e;
    }

    private void AssertComplete()
    {
        Assert.Equal(_files.Select(file => file.GzipName).Order(), _target.Files);
        Assert.All(_files, file => Assert.Equal(File.ReadAllBytes(_source[file.GzipName]), File.ReadAllBytes(_target[file.GzipName])));
    }

    private async Task SendHalfAndWaitAsync(string name, Stream stream, CancellationToken token)
    {
        var content = File.ReadAllBytes(_source[name]);
        await LoopbackServer.SendAsync(stream, content[..(content.Length / 2)], content.Length, token);
        await Task.Delay(Timeout.Infinite, token);
    }

    /// <summary>Hears reports at once, where <see cref="Progress{T}"/> would hear them on another thread, later.</summary>
    private sealed class Recorder(Action<DownloadProgress>? also = null) : IProgress<DownloadProgress>
    {
        public List<DownloadProgress> Reports { get; } = [];

        public void Report(DownloadProgress value)
        {
            Reports.Add(value);
            also?.Invoke(value);
        }
    }

    private sealed class Refuser : HttpMessageHandler
    {
        public List<string> Addresses { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Addresses.Add(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden));
        }
    }
}
