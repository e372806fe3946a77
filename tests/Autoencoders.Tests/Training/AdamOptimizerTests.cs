using Autoencoders.Models;
using Autoencoders.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class AdamOptimizerTests
{
    [Theory]
    [InlineData(0, ScalarType.Float32)]
    [InlineData(0.1, ScalarType.Float32)]
    [InlineData(0.1, ScalarType.Float64)]
    public void It_moves_parameters_as_TorchSharps_own_does(double decay, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var ours = new ConvAutoencoder();
        using var theirs = new ConvAutoencoder();
        ours.to(type);
        theirs.to(type);
        using var adam = new AdamOptimizer(ours.parameters(), lr: 1e-3, weight_decay: decay);
        using var reference = optim.Adam(theirs.parameters(), lr: 1e-3, weight_decay: decay);
        var images = rand(8, 1, 28, 28, generator: new Generator(1)).to(type);
        for (var step = 1; step <= 5; step++)
        {
            (adam.LearningRate, reference.ParamGroups.Single().LearningRate) = (1e-3 * step, 1e-3 * step);
            adam.zero_grad();
            reference.zero_grad();
            nn.functional.binary_cross_entropy_with_logits(ours.call(images), images).backward();
            nn.functional.binary_cross_entropy_with_logits(theirs.call(images), images).backward();
            adam.step();
            reference.step();
        }

        Assert.All(ours.parameters().Zip(theirs.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-5)));
    }

    [Fact]
    public void A_mean_that_shrinks_for_long_becomes_zero_and_no_denormal_number()
    {
        using var scope = NewDisposeScope();
        var weights = ones(9);
        using var adam = new FlatAdam(weights);
        adam.Step(ones(9), 0, rate: 0.1, momentum: 0.9);
        var moved = weights.data<float>().ToArray();
        for (var step = 1; step <= 1000; step++)
        {
            adam.Step(zeros(9), step, rate: 0, momentum: 0.9);
        }

        Assert.All(adam.Mean.data<float>(), mean => Assert.Equal(0, mean));
        Assert.All(adam.Square.data<float>(), square => Assert.True(square > 0));
        Assert.All(moved, weight => Assert.Equal(0.9f, weight, 1e-5f));
        Assert.Equal(moved, weights.data<float>().ToArray());
    }

    [Fact]
    public void Its_state_outlives_the_scope_it_was_made_in_and_steps_leak_no_tensors()
    {
        using var parameter = new TorchSharp.Modules.Parameter(ones(3));
        AdamOptimizer adam;
        using (NewDisposeScope())
        {
            adam = new AdamOptimizer([parameter], lr: 0.1);
        }

        void Step()
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            parameter.square().sum().backward();
            adam.step();
        }

        Step();
        var before = TensorsAlive();
        Enumerable.Range(0, 5).ToList().ForEach(_ => Step());

        Assert.Equal(before, TensorsAlive());
        using (adam)
        using (NewDisposeScope())
        {
            Assert.True(parameter[0].item<float>() < 0.6);
        }
    }

    [Fact]
    public void Nothing_to_train_and_negative_numbers_are_refused()
    {
        using var parameter = new TorchSharp.Modules.Parameter(ones(3));

        Assert.Throws<ArgumentException>(() => new AdamOptimizer([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamOptimizer([parameter], lr: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamOptimizer([parameter], weight_decay: -1));
    }

    // Of the whole process: what other tests left to the finalizer must be gone before it is counted.
    private static long TensorsAlive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
