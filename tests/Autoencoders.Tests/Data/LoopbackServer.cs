using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Autoencoders.Tests.Data;

/// <summary>A web server on 127.0.0.1 that can also do what no decent server does: break off, hang, send rubbish.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly Task _loop;

    /// <param name="answer">Answers a request for a name; the connection is closed after it.</param>
    public LoopbackServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/mnist/");
        _loop = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The names asked for, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Serves the files of <paramref name="folder"/>.</summary>
    public static LoopbackServer Serving(string folder) =>
        new((name, stream, token) => SendAsync(stream, File.ReadAllBytes(Path.Combine(folder, name)), token));

    /// <summary>Answers every request with <paramref name="status"/>, such as <c>404 Not Found</c>.</summary>
    public static LoopbackServer Refusing(string status) =>
        new((_, stream, token) => stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), token).AsTask());

    public static Task SendAsync(Stream stream, byte[] content, CancellationToken token) =>
        SendAsync(stream, content, content.Length, token);

    /// <summary>Announces <paramref name="length"/> bytes, or none if null, and sends <paramref name="content"/>.</summary>
    public static async Task SendAsync(Stream stream, byte[] content, int? length, CancellationToken token)
    {
        var header = $"HTTP/1.1 200 OK\r\n{(length is null ? "" : $"Content-Length: {length}\r\n")}Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(header), token);
        await stream.WriteAsync(content, token);
        await stream.FlushAsync(token);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _loop;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                await using var stream = client.GetStream();
                var name = await ReadRequestAsync(stream);
                Requests.Enqueue(name);
                await _answer(name, stream, _closing.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The client hung up, or the test is over.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var first = await reader.ReadLineAsync(_closing.Token) ?? "";
        while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 })
        {
        }

        return first.Split(' ')[1].Split('/')[^1];
    }
}
