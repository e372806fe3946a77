using Autoencoders.Training;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class GeneratorStateTests
{
    [Fact]
    public void Every_state_that_a_generator_comes_to_is_valid()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Assert.True(GeneratorState.IsValid(generator.get_state().bytes));
        for (var drawn = 0; drawn < 1500; drawn++)
        {
            _ = drawn % 3 == 0 ? randn(1, generator: generator) : rand(1, generator: generator);
            Assert.True(GeneratorState.IsValid(generator.get_state().bytes));
        }
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 1)]
    [InlineData(9, 0x80)]
    [InlineData(11, 0x80)]
    [InlineData(12, 0)]
    [InlineData(16, 0)]
    [InlineData(17, 2)]
    [InlineData(23, 0x80)]
    public void A_state_that_libtorch_would_end_the_process_over_is_not(int position, byte value)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        rand(100, generator: generator);
        var state = generator.get_state();

        state.bytes[position] = value;

        Assert.False(GeneratorState.IsValid(state.bytes));
    }

    [Fact]
    public void A_state_of_another_length_is_not()
    {
        Assert.False(GeneratorState.IsValid([]));
        Assert.False(GeneratorState.IsValid(new byte[5055]));
        Assert.False(GeneratorState.IsValid(new byte[16]));
    }
}
