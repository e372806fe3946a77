using System.Globalization;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>Processes that write, for tests to kill and to run side by side.</summary>
internal static class Writers
{
    public const string WeightsCommand = "write-weights", ResultsCommand = "record-results";

    /// <summary>Writes 32 MiB of weights to the same file again and again, until it is killed.</summary>
    public static int WriteWeights(string[] args)
    {
        TorchRuntime.Initialize();
        using var weights = rand(1 << 23);
        Console.WriteLine("ready");
        while (true)
        {
            Safetensors.Save(args[0], [new("weights", weights)]);
        }
    }

    /// <summary>Records a number of results, which begin with a name.</summary>
    public static int RecordResults(string[] args)
    {
        for (var i = 0; i < int.Parse(args[1], CultureInfo.InvariantCulture); i++)
        {
            Results.Record($"{args[0]}_{i}", i, "test");
        }

        return 0;
    }
}
