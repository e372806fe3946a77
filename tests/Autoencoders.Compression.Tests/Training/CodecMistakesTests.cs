using Autoencoders.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests;

/// <summary>Mistakes of a reader's own: each is an exception that names it, where libtorch would end the process or speak of something else.</summary>
public sealed class CodecMistakesTests
{
    private static readonly CodecTrainingOptions Short = new() { Epochs = 1, BatchSize = 16 };
    private static readonly ImageSet Digits = TestCodec.Digits(64), Few = TestCodec.Digits(8), None = TestCodec.Digits(0), Large = new(new byte[40 * 900], new byte[40], 30, 30);

    public static TheoryData<string, string, Func<Tensor, Tensor>> Hooks => new()
    {
        { "modified by an inplace operation", "analysis.layers.relu1", x => x.add_(1) },
        { "have no gradient", "synthesis.conv2", x => x.detach() },
        { "have no gradient", "analysis.layers.out", x => x.detach() },
        { "modified by an inplace operation", "synthesis.conv2", x => { x.square().sum(); return x.sigmoid().mul_(2); } },
        { "cannot compute images (", "synthesis.conv1", x => x[.., 1..] },
        { "cannot compute images (", "synthesis.conv1", x => x.to(ScalarType.Float64) },
        { "costs NaN bits for the first batch already", "synthesis.out", x => x * double.NaN },
    };

    [Theory]
    [MemberData(nameof(Hooks))]
    public void A_layer_that_cannot_be_trained_is_said_to_be(string message, string layer, Func<Tensor, Tensor> hook)
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        var module = (nn.Module<Tensor, Tensor>)model.named_modules().Single(m => m.name == layer).module;
        module.register_forward_hook((_, _, output) => hook(output));

        // Under the first option the analysis network moves from the first step on, under the second it stands still.
        foreach (var still in (double[])[0, 0.5])
        {
            var before = BytesOf(model);
            if (layer.StartsWith("analysis", StringComparison.Ordinal) && still > 0)
            {
                continue;
            }

            Names(message, () => CodecTrainer.Fit(model, Digits, Few, Short with { StillAtStart = still }));
            Assert.Equal(before, BytesOf(model));
        }
    }

    [Fact]
    public void A_mistake_of_the_second_phase_is_an_exception_too()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        var module = (nn.Module<Tensor, Tensor>)model.named_modules().Single(m => m.name == "analysis.layers.out").module;
        module.register_forward_hook((_, _, output) => is_grad_enabled() ? output.sigmoid().mul_(2) : output);

        Names("modified by an inplace operation", () => CodecTrainer.Fit(model, Digits, Few, Short with { StillAtStart = 0.5 }));
    }

    [Fact]
    public void Gradients_that_are_switched_off_are_said_to_be()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        using var codec = TestCodec.Untrained();
        using (no_grad())
        {
            Names("no_grad or inference_mode", () => CodecTrainer.Fit(model, Digits, Few, Short));
            Names("no_grad or inference_mode", () => SynthesisTrainer.Fit(codec, 4, TestCodec.Digits(128), 1));
        }

        using (inference_mode())
        {
            Names("no_grad or inference_mode", () => CodecTrainer.Fit(model, Digits, Few, Short));
        }
    }

    [Fact]
    public void Too_few_images_and_those_of_another_size_are_said_to_be()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        using var codec = TestCodec.Untrained();

        Names("At least 16 images are needed, and there are 0", () => CodecTrainer.Fit(model, None, Few, Short));
        Names("At least 16 images are needed, and there are 8", () => CodecTrainer.Fit(model, Few, Few, Short));
        Names("At least 1 images are needed, and there are 0", () => CodecTrainer.Fit(model, Digits, None, Short));
        Names("28x28 pixels, not 30x30", () => CodecTrainer.Fit(model, Large, Few, Short));
        Names("28x28 pixels, not 30x30", () => CodecTrainer.Fit(model, Digits, Large, Short));
        Names("28x28 pixels, not 30x30", () => CodecTrainer.Evaluate(model, Large));
        Names("there are 0", () => CodecTrainer.Evaluate(model, None));
        Names("At least 128 images are needed", () => SynthesisTrainer.Fit(codec, 4, Digits, 1));
        Names("28x28 pixels, not 30x30", () => SynthesisTrainer.Fit(codec, 4, new ImageSet(new byte[128 * 900], new byte[128], 30, 30), 1));
        Names("28x28 pixels, not 30x30", () => codec.Encode(Large));
    }

    [Fact]
    public void Impossible_options_are_refused_by_name()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        (string Name, CodecTrainingOptions Options)[] impossible =
        [
            ("there are 64", Short with { BatchSize = int.MaxValue }),
            ("BatchSize", Short with { BatchSize = 0 }),
            ("Epochs must be at most 536870911", Short with { Epochs = int.MaxValue }),
            ("Epochs", Short with { Epochs = 0 }),
            ("Lambda", Short with { Lambda = double.NaN }),
            ("AnalysisRate", Short with { AnalysisRate = double.PositiveInfinity }),
            ("StillAtStart", Short with { StillAtStart = -1 }),
            ("StillAtEnd", Short with { StillAtEnd = 2 }),
            ("DitherAtStart", Short with { DitherAtStart = 0 }),
            ("DitherAtEnd", Short with { DitherAtEnd = double.NaN }),
        ];
        Assert.All(impossible, i => Names(i.Name, () => CodecTrainer.Fit(model, Digits, Few, i.Options)));
        Assert.Contains("LearningRate", Assert.Throws<ArgumentOutOfRangeException>(() => CodecTrainer.Fit(model, Digits, Few, Short with { LearningRate = double.NaN })).Message);
    }

    [Fact]
    public void A_model_of_another_type_is_said_to_be()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);
        model.to(ScalarType.Float64);

        Names("cannot compute images (", () => CodecTrainer.Fit(model, Digits, Few, Short));
    }

    [Fact]
    public void A_cost_that_is_no_number_any_more_speaks_of_the_learning_rate()
    {
        using var model = new CompressiveAutoencoder(TestCodec.Small);

        var error = Assert.Throws<InvalidOperationException>(() => CodecTrainer.Fit(model, Digits, Few, Short with { LearningRate = 1e30 }));

        Assert.Contains("learning rate below", error.Message);
    }
}
