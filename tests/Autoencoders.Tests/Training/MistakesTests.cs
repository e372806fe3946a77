using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

/// <summary>Mistakes of a reader's own: each is an exception that names it, where libtorch would end the process or speak of something else.</summary>
public sealed class MistakesTests
{
    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(100), Validation = Sample.Test.Take(20);

    public static TheoryData<string, Func<Tensor, Tensor>> Layers => new()
    {
        { "modified by an inplace operation", x => x.sigmoid().add_(1) },
        { "modified by an inplace operation", x => { var y = x.sigmoid(); y[0] = 0; return y; } },
        { "does not depend on its trainable parameters", x => x.detach() },
        { "does not depend on its trainable parameters", x => { using var noGradients = no_grad(); return x * 2; } },
        { "does not depend on its trainable parameters", x => zeros_like(x) },
        { "must give a logit for each pixel", x => x.flatten(1) },
        { "must give a logit for each pixel", x => x.mean() },
        { "must give a logit for each pixel", x => x[.., .., 1.., ..] },
        { "must give a logit for each pixel", x => x.to(META) },
        { "must give a logit for each pixel", x => x.to(ScalarType.Int64) },
        { "cannot compute images (", x => x.reshape(-1, 7) + zeros(5) },
        { "cannot compute images (", x => nn.functional.conv2d(x, zeros(1, 1, 3, 3, ScalarType.Float64), padding: [1, 1]) },
        { "not finite for the first batch already", x => x * double.NaN },
        { "not finite for the first batch already", x => (x - x).sqrt() * x },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_that_cannot_be_trained_is_said_to_be(string message, Func<Tensor, Tensor> layer)
    {
        using var scope = NewDisposeScope();
        foreach (var shardSize in (int?[])[null, 0])
        {
            using var model = new OwnLayer(layer);
            var before = model.Weight.clone();

            Names(message, () => Trainer.Fit(model, Training, Validation, new() { Epochs = 1, ShardSize = shardSize }));
            Assert.True(before.equal(model.Weight).all().ToBoolean());
            Assert.Null(model.Weight.grad);
        }
    }

    [Fact]
    public void What_a_layer_keeps_of_a_batch_and_its_graph_is_met_in_the_next()
    {
        using var scope = NewDisposeScope();
        Tensor? kept = null;
        using var model = new OwnLayer(x =>
        {
            var y = kept is null ? x : x + 0.1 * kept.sum();
            kept = (x * x).DetachFromDisposeScope();
            return y;
        });

        Names("backward through the graph a second time", () => Trainer.Fit(model, Training, Validation, new() { Epochs = 1, ShardSize = 0 }));
    }

    [Fact]
    public void Gradients_that_are_switched_off_are_said_to_be()
    {
        using var model = new ConvAutoencoder();
        var before = BytesOf(model);
        using (no_grad())
        {
            Names("no_grad or inference_mode", () => Trainer.Fit(model, Training, Validation));
        }

        using (inference_mode())
        {
            Names("no_grad or inference_mode", () => Trainer.Fit(model, Training, Validation));
        }

        Assert.Equal(before, BytesOf(model));
        Assert.Single(Trainer.Fit(model, Training, Validation, new() { Epochs = 1 }).Epochs);
    }

    [Fact]
    public void Gradients_that_are_switched_off_in_between_are_said_to_be()
    {
        using var model = new ConvAutoencoder();
        IDisposable? forgotten = null;
        try
        {
            Names("no_grad or inference_mode", () => Trainer.Fit(model, Training, Validation, new() { Epochs = 2 }, new Reporter(() => forgotten ??= no_grad())));
        }
        finally
        {
            forgotten?.Dispose();
        }
    }

    [Fact]
    public void Gradients_that_were_there_before_are_there_again()
    {
        using var scope = NewDisposeScope();
        using var model = new OwnLayer(x => x);
        model.Weight.grad = ones(1) * 7;

        Trainer.Fit(model, Training, Validation, new() { Epochs = 1 });

        Assert.Equal(7, model.Weight.grad!.item<float>());
    }

    [Fact]
    public void Empty_sets_and_those_of_another_size_are_said_to_be()
    {
        using var model = new ConvAutoencoder();
        ImageSet none = Training.Take(0), large = new(new byte[40 * 900], new byte[40], 30, 30);

        Names("There are no training images", () => Trainer.Fit(model, none, Validation));
        Names("There are no validation images", () => Trainer.Fit(model, Training, none));
        Names("28x28 pixels and validation images 30x30", () => Trainer.Fit(model, Training, large));
        Names("gives (16, 1, 28, 28)", () => Trainer.Fit(model, large, large));
        Names("There are no images", () => Trainer.Evaluate(model, none));
        Names("gives (40, 1, 28, 28)", () => Trainer.Evaluate(model, large));
    }

    [Fact]
    public void Numbers_that_overflow_are_said_to_be_too_large()
    {
        using var model = new ConvAutoencoder();

        Names("1 to 1048576 images", () => Trainer.Fit(model, Training, Validation, new() { BatchSize = int.MaxValue }));
        Names("2147483647 epochs of 4 batches", () => Trainer.Fit(model, Training, Validation, new() { Epochs = int.MaxValue }));
        Assert.Single(Trainer.Fit(model, Training, Validation, new() { Epochs = 1, BatchSize = 1 << 20, ShardSize = int.MaxValue }).Epochs);
    }

    [Fact]
    public void A_device_that_is_not_there_is_said_not_to_be()
    {
        using var model = new ConvAutoencoder();

        Names("device meta", () => Trainer.Fit(model, Training, Validation, new() { Device = META }));
    }

    [Fact]
    public void A_model_of_another_type_is_said_to_be()
    {
        using var model = new ConvAutoencoder();
        model.to(ScalarType.Float64);

        Names("cannot compute images (", () => Trainer.Fit(model, Training, Validation));
        Names("cannot compute images (", () => Trainer.Evaluate(model, Validation));
    }

    public static TheoryData<string, Func<Tensor, Generator, Tensor>> Corruptions => new()
    {
        { "not finite, in batch 1 of epoch 1", (images, _) => images / 0 * 0 },
        { "not finite, in batch 1 of epoch 1", (images, _) => images.log() },
        { "one for each", (images, _) => images[..1] },
        { "one for each", (images, _) => images.mean() },
        { "one for each", (images, _) => images.to(META) },
        { "cannot compute images (", (images, _) => images.to(ScalarType.Int64) },
        { "input with 1 channels", (images, _) => cat([images, images], 1) },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void A_corruption_that_gives_something_else_is_said_to(string message, Func<Tensor, Generator, Tensor> corrupt)
    {
        using var model = new ConvAutoencoder();

        Names(message, () => Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Corrupt = corrupt }));
    }

    [Fact]
    public void A_corruption_in_place_leaves_the_target_clean()
    {
        double Loss(Func<Tensor, Generator, Tensor> corrupt)
        {
            using var model = new ConvAutoencoder();
            return Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Corrupt = corrupt }).Epochs[0].TrainingLoss;
        }

        Assert.Equal(Loss((images, _) => images * 0.5), Loss((images, _) => images.mul_(0.5)));
    }

    [Fact]
    public void A_corruption_by_a_network_trains_the_model_alone()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Conv2d(1, 1, 3, padding: 1);
        using var model = new ConvAutoencoder();
        var before = network.weight.clone();

        Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Corrupt = (images, _) => network.call(images) });

        Assert.True(before.equal(network.weight).all().ToBoolean());
    }

    [Fact]
    public void A_module_without_parameters_is_said_to_have_none()
    {
        using var model = nn.Sequential(nn.Identity());

        Names("needs trainable parameters", () => Trainer.Fit(model, Training, Validation));
    }

    private sealed class Reporter(Action report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report();
    }

    private sealed class OwnLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _layer;

        public OwnLayer(Func<Tensor, Tensor> layer)
            : base(nameof(OwnLayer))
        {
            _layer = layer;
            register_parameter("weight", Weight);
        }

        public TorchSharp.Modules.Parameter Weight { get; } = new(ones(1));

        public override Tensor forward(Tensor input) => _layer(input * Weight);
    }
}
