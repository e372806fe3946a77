using System.Diagnostics;
using System.Globalization;
using Autoencoders.Compression;
using Autoencoders.Data;
using Autoencoders.Metrics;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>Trains the models of data/models/cae-*.safetensors on the training digits, and says what they reach on the test digits.</summary>
internal static class TrainCodec
{
    public static int Run(string[] args)
    {
        var qualities = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var data = MnistDataset.Load();
        Console.WriteLine(data);
        foreach (var recipe in CodecRecipe.Shipped.Where(recipe => qualities.Length == 0 || qualities.Contains(recipe.Quality)))
        {
            var clock = Stopwatch.StartNew();
            using var scope = NewDisposeScope();
            Console.WriteLine($"Quality {recipe.Quality}");
            using var codec = recipe.Train(data.Train, line => Console.WriteLine($"  {line}"));
            codec.Save(Path.Combine(ProjectFolder.Data, "models", $"{codec.Name}.safetensors"));
            var file = codec.Encode(data.Test);
            var psnr = ImageMetrics.Psnr(data.Test.ToTensor(), codec.Decode(file));
            Console.WriteLine($"  {(double)file.Length / data.Test.Count:F2} bytes an image at {psnr:F2} dB on the test digits, trained in {clock.Elapsed.TotalMinutes:F1} minutes\n");
        }

        return 0;
    }
}
