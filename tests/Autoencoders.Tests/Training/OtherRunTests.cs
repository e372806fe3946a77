using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

/// <summary>A run goes on from its own checkpoint only: what decides what comes out must be the same, and the refusal names what is not.</summary>
public sealed class OtherRunTests : IDisposable
{
    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(64), Validation = Sample.Test.Take(16);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Func<TrainingOptions, TrainingOptions>> Others => new()
    {
        { "batch size: 32 there, 16 here", o => o with { BatchSize = 16 } },
        { "epochs: 1 there, 2 here", o => o with { Epochs = 2 } },
        { "seed: 42 there, 1 here", o => o with { Seed = 1 } },
        { "loss: BinaryCrossEntropy there, MeanSquaredError here", o => o with { Loss = Loss.MeanSquaredError } },
        { "learning rate 0.001", o => o with { LearningRate = 1e-3 } },
        { "schedule", o => o with { Schedule = Schedule.Constant } },
        { "schedule", o => o with { Schedule = new Falling() } },
        { "shard size: automatic there, 8 here", o => o with { ShardSize = 8 } },
        { "shard size: automatic there, 0 here", o => o with { ShardSize = 0 } },
        { "memory layout: channels last there", o => o with { ChannelsLast = false } },
        { "corruption: (1, 28, 28) with", o => o with { Corrupt = null } },
        { "corruption: (1, 28, 28) with", o => o with { Corrupt = (images, chance) => Noisy(images, chance, 0.4) } },
        { "corruption: (1, 28, 28) with", o => o with { Corrupt = (images, chance) => images } },
        { "with chance of its own here", o => o with { Corrupt = (images, _) => images * Random.Shared.NextDouble() } },
    };

    public static TheoryData<string, Func<nn.Module<Tensor, Tensor>>> Networks => new()
    {
        { "Bottleneck = 4", () => new ConvAutoencoder(new() { Bottleneck = 4 }) },
        { "TransposedConvolutions = False", () => new ConvAutoencoder(new() { TransposedConvolutions = true }) },
        { "CombineLayers = True", () => new ConvAutoencoder(new() { CombineLayers = false }) },
        { "encoder.conv1.weight: (32, 1, 3, 3) of Float32 there, (32, 1, 3, 3) of Float32, not trained here", Frozen },
        { "layer 0: none there, Conv2d(", () => nn.Sequential(nn.Conv2d(1, 1, 3, padding: 1)) },
    };

    private TrainingOptions Options => new() { Epochs = 1, Checkpoint = _folder["run.checkpoint"], Corrupt = (images, chance) => Noisy(images, chance, 0.5) };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Others))]
    public void Other_options_are_another_run(string difference, Func<TrainingOptions, TrainingOptions> other)
    {
        using var model = new ConvAutoencoder();
        Trainer.Fit(model, Training, Validation, Options);

        IsRefused(difference, () => Trainer.Fit(model, Training, Validation, other(Options)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Another_network_is_another_run(string difference, Func<nn.Module<Tensor, Tensor>> other)
    {
        using var model = new ConvAutoencoder();
        using var network = other();
        Trainer.Fit(model, Training, Validation, Options);

        IsRefused(difference, () => Trainer.Fit(network, Training, Validation, Options));
    }

    [Fact]
    public void Layers_with_other_settings_are_another_run()
    {
        static nn.Module<Tensor, Tensor> Network(double probability) => nn.Sequential(nn.Dropout(probability), nn.Conv2d(1, 1, 3, padding: 1));
        Trainer.Fit(Network(0.1), Training, Validation, Options);

        IsRefused("p 0.1) there", () => Trainer.Fit(Network(0.2), Training, Validation, Options));
    }

    [Fact]
    public void Other_images_are_another_run()
    {
        using var model = new ConvAutoencoder();
        Trainer.Fit(model, Training, Validation, Options);
        byte[] pixels = [.. Training.Pixels[..^1], 1];

        IsRefused("training images: 64 of 28x28 with", () => Trainer.Fit(model, new ImageSet(pixels, Training.Labels, 28, 28), Validation, Options));
        IsRefused("training images: 64 of 28x28 with", () => Trainer.Fit(model, Training.Take(63), Validation, Options));
        IsRefused("validation images: 16 of 28x28 with", () => Trainer.Fit(model, Training, Validation.Take(15), Options));
    }

    [Fact]
    public void The_same_run_in_other_words_goes_on()
    {
        using var model = new ConvAutoencoder();
        using var other = new ConvAutoencoder(new() { Seed = 9 });
        var history = Trainer.Fit(model, Training, Validation, Options);

        var again = Trainer.Fit(other, Training.Take(64), Validation, Options with { Corrupt = (pixels, random) => Noisy(pixels, random, 0.25 + 0.25), CheckpointEvery = TimeSpan.Zero });

        Assert.Equal(history.Epochs, again.Epochs);
    }

    [Fact]
    public void Asking_what_the_corruption_does_changes_no_bit()
    {
        byte[] Train(string? checkpoint)
        {
            using var model = nn.Sequential(nn.Conv2d(1, 1, 3, padding: 1), nn.Dropout(0.1));
            manual_seed(4);
            Trainer.Fit(model, Training, Validation, Options with { Checkpoint = checkpoint, Corrupt = (images, chance) => Noisy(images, chance, 0.5) + 0.1 * rand(images.shape) });
            return BytesOf(model);
        }

        manual_seed(3);
        var without = Train(null);
        manual_seed(3);
        Assert.Equal(without, Train(Options.Checkpoint));
    }

    [Fact]
    public void A_run_goes_on_to_the_bit_on_a_machine_with_another_number_of_cores()
    {
        var (images, before) = (Sample.Train.Take(640), TorchRuntime.Cores);
        using var source = new CancellationTokenSource();
        using var whole = new ConvAutoencoder();
        using var model = new ConvAutoencoder();
        var options = Options with { Epochs = 2, BatchSize = 100 };
        try
        {
            TorchRuntime.Cores = 2;
            Trainer.Fit(whole, images, Validation, options with { Checkpoint = null });
            Trainer.Fit(model, images, Validation, options, new Canceller(source), source.Token);
            TorchRuntime.Cores = 5;
            Trainer.Fit(model, images, Validation, options);
        }
        finally
        {
            TorchRuntime.Cores = before;
        }

        Assert.All(whole.parameters().Zip(model.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().ToBoolean()));
    }

    private void IsRefused(string difference, Action fit)
    {
        var bytes = File.ReadAllBytes(_folder["run.checkpoint"]);

        var error = Assert.Throws<InvalidOperationException>(fit);

        Assert.Contains("another run", error.Message);
        Assert.Contains(difference, error.Message);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["run.checkpoint"]));
    }

    private static Tensor Noisy(Tensor images, Generator chance, double strength) => (images + strength * randn(images.shape, generator: chance)).clamp(0, 1);

    private static ConvAutoencoder Frozen()
    {
        var model = new ConvAutoencoder();
        model.parameters().First().requires_grad = false;
        return model;
    }

    private sealed record Falling : Schedule
    {
        public override (double LearningRate, double Momentum) At(int step, int steps, double peak) => (peak * (1 - (double)step / steps), 0.9);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is not null)
            {
                source.Cancel();
            }
        }
    }
}
