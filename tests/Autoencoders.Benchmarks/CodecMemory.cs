using System.Diagnostics;
using System.Globalization;
using Autoencoders.Compression;
using Autoencoders.Data;

namespace Autoencoders.Benchmarks;

/// <summary>The memory that a process takes to write many images to files of 50,000, and to read them back.</summary>
internal static class CodecMemory
{
    private const int Quality = 25, Images = 1_000_000, ImagesInFile = 50_000;

    public static int Run(string[] args)
    {
        var images = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Images;
        var digits = MnistDataset.Load().Test;
        var many = digits.Select([.. Enumerable.Range(0, Math.Min(ImagesInFile, images)).Select(i => i % digits.Count)]);
        using var codec = ImageCodec.Load(Quality);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"{process.PeakWorkingSet64 / 1e6:F0} MB before, with {many.Count:N0} digits at hand");
        var bytes = 0L;
        for (var left = images; left > 0; left -= many.Count)
        {
            var encoded = codec.Encode(left < many.Count ? many.Take(left) : many);
            bytes += encoded.Length;
            if (codec.DecodePixels(encoded).Length != Math.Min(left, many.Count) * digits.Height * digits.Width)
            {
                throw new InvalidOperationException("Not all images came back.");
            }
        }

        process.Refresh();
        Console.WriteLine($"{process.PeakWorkingSet64 / 1e6:F0} MB at most for {images:N0} images, {(double)bytes / images:F2} bytes each");
        return 0;
    }
}
