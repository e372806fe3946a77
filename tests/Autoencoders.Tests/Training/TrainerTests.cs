using System.Collections.Concurrent;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class TrainerTests
{
    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(640), Validation = Sample.Test.Take(200);

    [Fact]
    public void Training_lowers_the_loss_and_tells_what_it_measured()
    {
        using var model = new ConvAutoencoder();
        var before = Trainer.Evaluate(model, Validation);
        var reports = new List<TrainingProgress>();

        var history = Trainer.Fit(model, Training, Validation, new() { Epochs = 3 }, new Reporter(reports.Add));

        Assert.Equal([1, 2, 3], history.Epochs.Select(e => e.Epoch));
        Assert.True(history.FinalValidationLoss < before / 2, $"from {before} to {history.FinalValidationLoss}");
        Assert.Equal(history.FinalValidationLoss, Trainer.Evaluate(model, Validation), 1e-6);
        Assert.All(history.Epochs, e => Assert.Equal(640 / e.Seconds, e.ImagesPerSecond, 1e-3));
        Assert.Equal(history.Epochs, reports.Select(r => r.Completed).OfType<EpochResult>());
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.All(reports, r => Assert.Equal((3, 20), (r.Epochs, r.Batches)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        byte[] Train(int seed)
        {
            using var model = new ConvAutoencoder(new() { Seed = 1 });
            Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Seed = seed, Corrupt = Noise });
            return BytesOf(model);
        }

        Assert.Equal(Train(5), Train(5));
        Assert.NotEqual(Train(5), Train(6));
    }

    [Fact]
    public void Shards_give_the_same_bits_on_any_number_of_threads()
    {
        byte[] Train(int threads)
        {
            var before = TorchRuntime.Workers;
            TorchRuntime.Workers = threads;
            try
            {
                using var model = new ConvAutoencoder();
                Trainer.Fit(model, Training, Validation, new() { Epochs = 1, ShardSize = 16 });
                return BytesOf(model);
            }
            finally
            {
                TorchRuntime.Workers = before;
            }
        }

        Assert.Equal(Train(1), Train(3));
    }

    [Fact]
    public void Collections_at_any_moment_change_no_bit()
    {
        static byte[] Train()
        {
            using var model = new ConvAutoencoder(new() { Seed = 4 });
            Trainer.Fit(model, Training, Validation, new() { Epochs = 1 });
            return Trainings.BytesOf(model);
        }

        var expected = Train();
        var done = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Thread.Sleep(1);
            }
        });
        collector.Start();
        try
        {
            Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(expected, Train()));
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
    }

    [Fact]
    public void The_speedups_of_the_trainer_change_the_losses_by_rounding_only()
    {
        double[] Train(ConvAutoencoderOptions network, TrainingOptions options)
        {
            using var model = new ConvAutoencoder(network);
            return [.. Trainer.Fit(model, Training, Validation, options).Epochs.Select(e => e.TrainingLoss)];
        }

        var fast = Train(new(), new() { Epochs = 2 });
        var plain = Train(
            new() { CombineLayers = false, InPlaceActivations = false, ChannelsLast = false }, new() { Epochs = 2, ShardSize = 0, ChannelsLast = false });

        Assert.Equal(plain[0], fast[0], 1e-4);
        Assert.Equal(plain[1], fast[1], 1e-3);
    }

    [Fact]
    public void A_model_that_looks_at_the_whole_batch_is_given_the_whole_batch()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("scale", new Recorder()), ("norm", nn.BatchNorm2d(1)));

        Trainer.Fit(model, Training, Validation, new() { Epochs = 1, BatchSize = 64 });

        Assert.Equal(10, ((Recorder)model.children().First()).Trained.Count);
        Assert.Equal(10, model.named_buffers().Single(b => b.name == "norm.num_batches_tracked").buffer.item<long>());
    }

    [Fact]
    public void Batches_and_optimiser_make_no_tensor_on_another_device_than_the_models()
    {
        // The meta device has shapes and no numbers, and neither convolutions nor losses; what mixes it with the CPU throws, as it would with a GPU.
        using var scope = NewDisposeScope();
        using var model = nn.Linear(784, 10).to(META);
        using var parameters = new FlatParameters(model.parameters());
        using var optimizer = new FlatAdam(parameters.All);
        var order = from_array(Minibatches.Permutation(Training.Count, seed: 1, epoch: 1)).to(META);

        var batch = TrainingRun.Batch(Training.ToBytes().to(META), order, start: 64, count: 32);
        optimizer.Step(parameters.Flatten([zeros(10, 784, device: META), null], zeros(1, device: META)).narrow(0, 0, 7850), step: 0, rate: 1, momentum: 0.9);

        Assert.Equal((DeviceType.META, 32L), (batch.device_type, batch.shape[0]));
        Assert.All(model.parameters().Append(optimizer.Mean).Append(optimizer.Square), t => Assert.Equal(DeviceType.META, t.device_type));
    }

    [Fact]
    public void Frozen_and_unused_parameters_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder();
        var frozen = model.parameters().First();
        frozen.requires_grad = false;
        model.register_parameter("unused", new TorchSharp.Modules.Parameter(ones(3)));
        var before = frozen.clone();

        Trainer.Fit(model, Training, Validation, new() { Epochs = 1 });

        Assert.True(frozen.equal(before).all().item<bool>());
        Assert.True(model.get_parameter("unused")!.equal(ones(3)).all().item<bool>());
    }

    [Fact]
    public void Two_hundred_batches_leave_no_tensor_behind()
    {
        using var model = new ConvAutoencoder();
        Trainer.Fit(model, Training.Take(8), Validation.Take(8), new() { Epochs = 1, BatchSize = 4 });
        var alive = TensorsAlive();

        Trainer.Fit(model, Training.Take(400), Validation.Take(8), new() { Epochs = 1, BatchSize = 2, Corrupt = Noise });

        Assert.InRange(TensorsAlive(), 0, alive);
    }

    [Fact]
    public void Corruption_reaches_the_input_and_not_the_target()
    {
        using var scope = NewDisposeScope();
        using var model = new Recorder();

        var history = Trainer.Fit(model, Training, Validation, new() { Epochs = 1, LearningRate = 1e-9, Corrupt = (images, _) => ones_like(images) });

        Assert.All(model.Trained, mean => Assert.Equal(1, mean, 1e-6));
        Assert.All(model.Evaluated, mean => Assert.InRange(mean, 0.1, 0.2));
        Assert.Equal(Math.Log(2), history.Epochs[0].TrainingLoss, 1e-4);
    }

    [Theory]
    [InlineData(Loss.BinaryCrossEntropy)]
    [InlineData(Loss.MeanSquaredError)]
    public void Evaluation_is_the_loss_over_all_images_also_with_a_last_smaller_batch(Loss loss)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder();
        var images = Sample.Test.Take(750).ToTensor();
        var reconstruction = model.Reconstruct(images);
        var expected = loss == Loss.MeanSquaredError
            ? Autoencoders.Metrics.ImageMetrics.Mse(images, reconstruction)
            : Autoencoders.Metrics.ImageMetrics.BinaryCrossEntropy(images, reconstruction);

        Assert.Equal(expected, Trainer.Evaluate(model, Sample.Test.Take(750), loss), 1e-5);
    }

    [Fact]
    public void Cancelling_keeps_the_epochs_done_so_far()
    {
        using var model = new ConvAutoencoder();
        using var source = new CancellationTokenSource();

        var history = Trainer.Fit(model, Training, Validation, new() { Epochs = 50 }, new Reporter(r =>
        {
            if (r.Completed is { Epoch: 2 })
            {
                source.Cancel();
            }
        }), source.Token);

        Assert.Equal(2, history.Epochs.Count);
    }

    [Fact]
    public void A_learning_rate_that_is_too_high_is_said_to_be()
    {
        using var model = new ConvAutoencoder();

        var error = Assert.Throws<InvalidOperationException>(() =>
            Trainer.Fit(model, Training, Validation, new() { Epochs = 3, LearningRate = 1e30, Loss = Loss.BinaryCrossEntropy, Schedule = Schedule.Constant }));

        Assert.Contains("learning rate below", error.Message);
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        using var model = new ConvAutoencoder();

        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Fit(model, Training, Validation, new() { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Fit(model, Training, Validation, new() { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Fit(model, Training, Validation, new() { LearningRate = double.NaN }));
    }

    [Fact]
    public void Three_epochs_on_the_complete_set_reach_a_test_loss_of_0_0685()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(MnistDataset.FolderVariable)))
        {
            Assert.Skip("Needs the complete MNIST: set MNIST_DIR to its folder.");
        }

        var mnist = MnistDataset.Load();
        using var model = new ConvAutoencoder();

        var history = Trainer.Fit(model, mnist.Train, mnist.Test, new() { Epochs = 3 });

        Assert.InRange(history.FinalValidationLoss, 0.058, 0.0685);
    }

    private static Tensor Noise(Tensor images, Generator chance) => (images + 0.5 * randn(images.shape, generator: chance)).clamp(0, 1);

    // Of the whole process: what other tests left to the finalizer must be gone before it is counted.
    private static long TensorsAlive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    /// <summary>Answers every image with logits of 0, and writes down the mean of what it was shown.</summary>
    private sealed class Recorder : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _scale = new(zeros(1));

        public Recorder()
            : base(nameof(Recorder)) => register_parameter("scale", _scale);

        public ConcurrentBag<double> Trained { get; } = [];

        public ConcurrentBag<double> Evaluated { get; } = [];

        public override Tensor forward(Tensor input)
        {
            (training ? Trained : Evaluated).Add(input.mean().item<float>());
            return input * _scale;
        }
    }
}
