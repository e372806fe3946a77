using System.Buffers.Binary;
using System.Diagnostics;
using Autoencoders.Data;

namespace Autoencoders.Compression.Tests;

/// <summary><c>docs/compress_part.cs</c>, built and run as <c>docs/more-than-one-machine.md</c> says.</summary>
public sealed class CompressPartTests : IDisposable
{
    private const int Images = 1_001, Parts = 4, Quality = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly ImageSet _digits = TestCodec.Digits(Images);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Processes_side_by_side_write_the_parts_of_a_file_in_order_and_say_what_they_cannot_do()
    {
        await RunAsync(0, "dotnet", "build", Path.Combine(ProjectFolder.Root, "docs", "compress_part.cs"), "-o", _folder["app"]);
        IdxFile.Write(_folder["digits"], new IdxArray([Images, 28, 28], _digits.Pixels));

        var parts = Enumerable.Range(0, Parts).ToArray();
        await Task.WhenAll(parts.Select(part => CompressAsync(0, $"{part}", $"{Parts}", _folder["digits"], Part(part), $"{Quality}")));

        using var codec = ImageCodec.Load(Quality);
        int[] bounds = [0, 250, 500, 750, Images];
        Assert.All(parts, part => Assert.Equal(codec.Encode(_digits.Select([.. Enumerable.Range(bounds[part], bounds[part + 1] - bounds[part])])), File.ReadAllBytes(Part(part))));
        Assert.Contains("is 0 to COUNT - 1", await CompressAsync(1, "4", "4", _folder["digits"], Part(4)));
        Assert.Contains("There is no file", await CompressAsync(1, "0", "4", _folder["nothing"], Part(4)));
        IdxFile.Write(_folder["digits.gz"], new IdxArray([Images, 28, 28], _digits.Pixels));
        Assert.Contains("has to be unpacked first", await CompressAsync(1, "0", "4", _folder["digits.gz"], Part(4)));
        WriteEmptyImages("million", 1_000_000);
        Assert.Contains("COUNT must be at least 8", await CompressAsync(1, "3", "7", _folder["million"], Part(4)));
        Assert.False(File.Exists(Part(4)));
    }

    private string Part(int part) => _folder[$"part-{part}.cae"];

    private Task<string> CompressAsync(int exitCode, params string[] arguments) =>
        RunAsync(exitCode, Path.Combine(_folder["app"], OperatingSystem.IsWindows() ? "compress_part.exe" : "compress_part"), arguments);

    // A file with holes, which takes no room where the file system knows such files.
    private void WriteEmptyImages(string name, int count)
    {
        IdxFile.Write(_folder[name], new IdxArray([0, 28, 28], []));
        using var file = File.OpenWrite(_folder[name]);
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, count);
        file.Position = 4;
        file.Write(bytes);
        file.SetLength(16 + 784L * count);
    }

    /// <returns>What the program wrote.</returns>
    private static async Task<string> RunAsync(int exitCode, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var all = await output + await errors;
        Assert.True(process.ExitCode == exitCode, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{all}");
        return all;
    }
}
