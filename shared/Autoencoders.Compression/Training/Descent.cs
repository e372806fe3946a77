using Autoencoders.Data;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>Fits a network to what stays as it is from step to step: Adam over shards of a batch, whose rate rises and then falls along half a cosine.</summary>
internal static class Descent
{
    /// <summary>How many images make a step; what is left over at the end of an epoch waits for the next.</summary>
    public const int BatchSize = 128;

    /// <summary>Trains a network in place, until it is done or stopped (<see cref="Stop"/>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">How many there are: at least a batch.</param>
    /// <param name="epochs">How many times they are gone through.</param>
    /// <param name="learningRate">The peak of Adam's learning rate.</param>
    /// <param name="seed">Seeds the order of the images.</param>
    /// <param name="costs">How many numbers <paramref name="gradient"/> puts in front of the gradient.</param>
    /// <param name="gradient">From indices of images to costs, summed over the images, and behind them the gradient (costs + P); it runs on several threads.</param>
    /// <param name="report">Told the mean costs of an image after each epoch.</param>
    public static void Run(
        nn.Module network, int images, int epochs, double learningRate, int seed, int costs, Func<FlatParameters, Tensor, Tensor> gradient, Action<double[]> report)
    {
        using var parameters = new FlatParameters(network.parameters());
        using var optimizer = new FlatAdam(parameters.All, CodecTrainingRun.SquareDecay);
        using var shards = new Shards(parallel: true);
        var (step, batches) = (0, images / BatchSize);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (batch, sums) = (0, new double[costs]);
            foreach (var indices in Minibatches.Epoch(images, BatchSize, seed, epoch + 1).Take(batches))
            {
                if (Stop.Requested)
                {
                    Stop.Report(epoch + 1, epochs, batch, batches);
                    return;
                }

                using var scope = NewDisposeScope();
                var done = (epoch + (double)batch++ / batches) / epochs;
                var rate = learningRate * Math.Min(1, 20 * done + 0.05) * (0.001 + 0.5 * (1 + Math.Cos(Math.PI * done)));
                var index = tensor(indices);
                var sum = shards.Sum(BatchSize, Shards.SizeFor(BatchSize), shard => gradient(parameters, index[shard]))!;
                optimizer.Step(sum.narrow(0, costs, parameters.All.numel()), step++, rate, CodecTrainingRun.Momentum);
                for (var i = 0; i < costs; i++)
                {
                    sums[i] += sum[i].ToDouble() / BatchSize;
                }
            }

            report([.. sums.Select(sum => sum / batches)]);
        }
    }
}
