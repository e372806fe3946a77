using Autoencoders.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Compression.Tests.Lossless;

public sealed class LosslessTrainerTests
{
    [Theory]
    [InlineData("vae", 2.2)]
    [InlineData("pixels", 2.0)]
    public void Bits_fall_the_same_with_any_number_of_threads(string kind, double most)
    {
        var (digits, validation, workers) = (TestCodec.Digits(640), TestCodec.Digits(900).Select([.. Enumerable.Range(800, 100)]), TorchRuntime.Workers);
        double Train(int threads)
        {
            TorchRuntime.Workers = threads;
            using var network = LosslessCodecTests.Network(kind);
            var before = LosslessTrainer.BitsPerPixel(network, validation);
            var history = LosslessTrainer.Fit(network, digits, validation, new() { Epochs = 3, LearningRate = 1e-2 });
            Assert.InRange(history.FinalValidationLoss, 0.8, Math.Min(before, most));
            Assert.Equal(3, history.Epochs.Count);
            return history.FinalValidationLoss;
        }

        try
        {
            Assert.Equal(Train(1), Train(2));
        }
        finally
        {
            TorchRuntime.Workers = workers;
        }
    }

    [Fact]
    public void The_part_of_the_empty_pixels_that_is_trained_on_counts_for_all()
    {
        using var scope = NewDisposeScope();
        using var network = LosslessCodecTests.Network("pixels");
        var images = TestCodec.Digits(200).ToBytes();
        var chance = rand(200, 784);

        var (all, part) = (network.Bits(images, chance, training: false).ToDouble(), network.Bits(images, chance, training: true).ToDouble());

        Assert.InRange(part / all, 0.98, 1.02);
        Assert.NotEqual(part, all);
    }

    [Fact]
    public void The_parts_of_a_VAE_add_up()
    {
        using var scope = NewDisposeScope();
        using var network = new VaeNetwork(new VaeShape(8, 2));
        var (images, chance) = (TestCodec.Digits(5).ToBytes(), rand(5, 2, 7, 7));

        var (pixels, prior, back) = network.Parts(images, chance);

        Assert.Equal(network.Bits(images, chance, training: false).ToDouble(), pixels.ToDouble() + prior.ToDouble() - back.ToDouble(), 1.0);
    }

    [Fact]
    public void What_cannot_be_trained_is_refused()
    {
        using var network = LosslessCodecTests.Network("pixels");
        var digits = TestCodec.Digits(10);

        Assert.Throws<ArgumentOutOfRangeException>(() => LosslessTrainer.Fit(network, digits, digits));
        Assert.Throws<ArgumentOutOfRangeException>(() => LosslessTrainer.Fit(network, digits, digits, new() { BatchSize = 5, Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LosslessTrainer.Fit(network, digits, digits, new() { BatchSize = 5, LearningRate = 0 }));
        Assert.Throws<ArgumentException>(() => LosslessTrainer.Fit(network, new ImageSet(new byte[28 * 56 * 64], new byte[64], 28, 56), digits));
        Assert.True(double.IsNaN(LosslessTrainer.BitsPerPixel(network, digits.Take(0))));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(257, 4)]
    [InlineData(8, 0)]
    [InlineData(8, 17)]
    public void Measures_of_a_VAE_out_of_bounds_are_refused(int hidden, int latents) =>
        Assert.Throws<ArgumentException>(() => new VaeNetwork(new VaeShape(hidden, latents)));
}
