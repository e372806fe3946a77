using Autoencoders.Models;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Models;

public sealed class ConvAutoencoderTests
{
    public static TheoryData<int?, bool, long> Variants => new()
    {
        { null, false, 12_193 },
        { null, true, 12_193 },
        { 32, false, 12_193 + (784 * 32 + 32) + (32 * 784 + 784) },
        { 2, true, 12_193 + (784 * 2 + 2) + (2 * 784 + 784) },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_variant_has_its_parameters_and_shapes(int? bottleneck, bool transposed, long parameters)
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder(new() { Bottleneck = bottleneck, TransposedConvolutions = transposed });
        var code = model.Encode(rand(3, 1, 28, 28));
        long[] expected = bottleneck is { } numbers ? [3, numbers] : [3, 16, 7, 7];

        Assert.Equal(parameters, model.parameters().Sum(p => p.numel()));
        Assert.Equal(parameters, ModelSummary.Of(model).Parameters);
        Assert.Equal(expected, code.shape);
        Assert.Equal([3, 1, 28, 28], model.DecodeLogits(code).shape);
    }

    [Fact]
    public void Reconstruction_is_decoding_the_code_and_stays_between_0_and_1()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder();
        var images = rand(2, 1, 28, 28);

        var reconstruction = model.Reconstruct(images);

        Assert.True(reconstruction.allclose(model.Decode(model.Encode(images))));
        Assert.True(reconstruction.allclose(model.call(images).sigmoid()));
        Assert.InRange(reconstruction.min().item<float>(), 0, 1);
        Assert.InRange(reconstruction.max().item<float>(), 0, 1);
        Assert.False(reconstruction.requires_grad);
    }

    [Fact]
    public void The_code_alone_decides_the_reconstruction()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder(new() { Bottleneck = 8 });
        var code = rand(1, 8);

        Assert.True(model.Decode(code).equal(model.Decode(code.clone())).all().item<bool>());
        Assert.False(model.Decode(code).allclose(model.Decode(code + 1)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_initial_weights()
    {
        using var scope = NewDisposeScope();
        using var first = new ConvAutoencoder(new() { Seed = 7 });
        using var same = new ConvAutoencoder(new() { Seed = 7 });
        using var other = new ConvAutoencoder(new() { Seed = 8 });

        Assert.All(first.parameters().Zip(same.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.Contains(first.parameters().Zip(other.parameters()), pair => !pair.First.allclose(pair.Second));
    }

    [Fact]
    public void Channels_last_changes_the_memory_and_not_the_values()
    {
        using var scope = NewDisposeScope();
        var images = rand(2, 5, 4, 3);
        var arranged = ChannelsLast.Arrange(images);

        Assert.Equal(images.shape, arranged.shape);
        Assert.True(images.equal(arranged).all().item<bool>());
        Assert.Equal([5 * 4 * 3, 1, 3 * 5, 5], arranged.stride());
        Assert.Equal([12, 1, 3, 1], ChannelsLast.Arrange(rand(2, 1, 4, 3)).stride());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Channels_last_of_part_of_a_batch_is_that_part(int channels)
    {
        using var scope = NewDisposeScope();
        var part = rand(6, channels, 4, 3)[TensorIndex.Slice(2, 5)];

        Assert.True(part.equal(ChannelsLast.Arrange(part)).all().item<bool>());
    }

    [Fact]
    public void The_layers_run_channels_last_through_the_whole_network()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder();

        var code = model.Encode(ChannelsLast.Arrange(rand(2, 1, 28, 28)));

        Assert.Equal([16 * 7 * 7, 1, 7 * 16, 16], code.stride());
    }

    [Fact]
    public void The_summary_names_each_layer_in_the_order_of_the_flow()
    {
        using var scope = NewDisposeScope();
        using var model = new ConvAutoencoder();

        var layers = ModelSummary.Of(model).Layers;

        Assert.Equal(["Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "Upsample", "Conv2d", "ReLU", "Upsample", "Conv2d"], layers.Select(l => l.Layer));
        Assert.Equal([320, 4624, 2320, 4640, 289], layers.Select(l => l.Parameters).Where(p => p > 0));
        Assert.Equal([-1, 16, 7, 7], layers[5].OutputShape);
        Assert.Equal("decoder.conv3", layers[^1].Name);
    }

    [Fact]
    public void A_bottleneck_of_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvAutoencoder(new() { Bottleneck = 0 }));
    }
}
