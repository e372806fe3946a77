using System.Diagnostics;
using Autoencoders.Data;
using Autoencoders.Models;
using static TorchSharp.torch;

namespace Autoencoders.Benchmarks;

/// <summary>The training loop as TorchSharp's own MNIST example writes it: float images, a module, Adam, and libtorch's threads.</summary>
internal static class PlainLoop
{
    public const double LearningRate = 1e-3;

    /// <summary>Trains for some epochs.</summary>
    /// <returns>The mean loss and the seconds of the last epoch.</returns>
    public static (double Loss, double Seconds) Run(ConvAutoencoder model, ImageSet images, int batchSize, int epochs, bool channelsLast)
    {
        using var scope = NewDisposeScope();
        var all = images.ToTensor();
        var optimizer = optim.Adam(model.parameters(), LearningRate);
        var (loss, clock) = (0.0, new Stopwatch());
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            (loss, clock) = (0, Stopwatch.StartNew());
            foreach (var indices in Minibatches.Epoch(images.Count, batchSize, seed: 42, epoch))
            {
                using var batch = NewDisposeScope();
                var x = all.index_select(0, from_array(indices));
                x = channelsLast ? ChannelsLast.Arrange(x) : x;
                optimizer.zero_grad();
                var output = nn.functional.binary_cross_entropy_with_logits(model.call(x), x);
                output.backward();
                optimizer.step();
                loss += output.item<float>() * indices.Length;
            }
        }

        return (loss / images.Count, clock.Elapsed.TotalSeconds);
    }
}
