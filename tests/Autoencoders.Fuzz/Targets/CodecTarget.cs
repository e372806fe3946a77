using Autoencoders.Compression;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Fuzz.Targets;

internal static class CodecTarget
{
    /// <summary>Small codecs that were never trained.</summary>
    public static ImageCodec Untrained(int grid, int levels)
    {
        using var model = new CompressiveAutoencoder(new()
        {
            Grid = grid,
            Levels = levels,
            AnalysisWidth = 2,
            AnalysisDepth = 1,
            SynthesisWidth = 2,
            ContextRows = 1,
            ContextColumns = 1,
            ContextHidden = 16,
            ContextHidden2 = 8,
        });
        return ImageCodec.From(model, $"fuzz-{grid}");
    }

    public static FuzzTarget Create()
    {
        TorchRuntime.Initialize();
        var path = FuzzTarget.TemporaryFile("seed.safetensors");
        using var codec = Untrained(14, 2);
        codec.Save(path);
        var weights = Safetensors.Load(path);
        return new FuzzTarget("codec", typeof(SafetensorsFormatException), FuzzTarget.FromFile("input.safetensors", Read), [File.ReadAllBytes(path)])
        {
            Words = SafetensorsTarget.Words,
            Generate = random => SafetensorsTarget.Bytes(Changed(weights, random)),
            Repair = SafetensorsTarget.WithLength,
        };
    }

    // Whole files, in which a tensor or two are not what they should be.
    private static Dictionary<string, Tensor> Changed(Dictionary<string, Tensor> weights, Random random)
    {
        var changed = new Dictionary<string, Tensor>(weights);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var name = changed.Keys.ElementAt(random.Next(changed.Count));
            var tensor = changed[name];
            long[] shape = [.. tensor.shape];
            float[] extremes = [0, 1, -1, 1000, 65504, float.NaN, float.PositiveInfinity, 1e-7f];
            changed[name] = random.Next(8) switch
            {
                0 => tensor.to(random.Next(2) == 0 ? float32 : int64),
                1 => tensor.reshape([1, .. shape]),
                2 => tensor.flatten(),
                3 when shape.Length > 0 => zeros([.. shape.Select((length, i) => i == 0 ? (long)random.Next(0, 5000) : random.Next(4) == 0 ? 0 : length)], dtype: tensor.dtype),
                4 => weights.Values.ElementAt(random.Next(weights.Count)),
                5 or 6 => full(shape, extremes[random.Next(extremes.Length)]).to(tensor.dtype),
                _ => tensor,
            };
            if (random.Next(6) == 0)
            {
                changed.Remove(name);
                changed[$"{name[..random.Next(name.Length)]}{random.Next(20)}"] = tensor;
            }
        }

        return changed;
    }

    private static long Read(string path)
    {
        using var codec = ImageCodec.LoadFile(path);
        return new FileInfo(path).Length;
    }
}
