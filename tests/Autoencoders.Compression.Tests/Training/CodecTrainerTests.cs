using Autoencoders.Training;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

public sealed class CodecTrainerTests
{
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        byte[] Train(int workers)
        {
            var before = TorchRuntime.Workers;
            using var model = new CompressiveAutoencoder(TestCodec.Small);
            try
            {
                // Batches so small that their shards are the smallest for any number of threads.
                TorchRuntime.Workers = workers;
                CodecTrainer.Fit(model, TestCodec.Digits(160), TestCodec.Digits(120), new() { Epochs = 2, BatchSize = 16 });
            }
            finally
            {
                TorchRuntime.Workers = before;
            }

            return BytesOf(model);
        }

        Assert.Equal(Train(2), Train(3));
    }

    [Fact]
    public void Shards_add_up_to_the_cost_of_the_batch()
    {
        using var scope = NewDisposeScope();
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        var digits = TestCodec.Digits(250);
        var whole = model.Measure(digits.ToTensor(), QuantizerMode.Round);

        var (bits, mse) = CodecTrainer.Evaluate(model, digits);

        Assert.Equal(whole.Bits.ToDouble(), bits, 1e-3);
        Assert.Equal(whole.SquaredError.ToDouble() / 784, mse, 1e-6);
    }

    [Fact]
    public void It_stops_with_its_cell_and_keeps_what_it_learned()
    {
        var digits = TestCodec.Digits(320);
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        var before = CodecTrainer.Evaluate(model, digits);
        using var cell = KernelInvocationContext.GetOrCreateAmbientContext(new SubmitCode("train"));

        var history = CodecTrainer.Fit(model, digits, digits, new() { Epochs = 1000, BatchSize = 32 }, new Reporter(report =>
        {
            if (report.Completed is { Epoch: 2 })
            {
                cell.Fail(cell.Command);
            }
        }));

        Assert.Equal(2, history.Epochs.Count);
        Assert.NotEqual(before, CodecTrainer.Evaluate(model, digits));
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
