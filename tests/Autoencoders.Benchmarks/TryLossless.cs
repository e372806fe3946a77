using Autoencoders.Compression;
using Autoencoders.Data;

namespace Autoencoders.Benchmarks;

/// <summary>Temporary.</summary>
internal static class TryLossless
{
    public static int Run(string[] args)
    {
        foreach (var name in (string[])[LosslessCodec.BitsBack, LosslessCodec.Context])
        {
            File.WriteAllBytes(Path.Combine(args[0], name + ".cal"), LosslessCodec.Load(name).Encode(MnistDataset.LoadSample().Test.Take(20)));
        }

        return 0;
    }
}
