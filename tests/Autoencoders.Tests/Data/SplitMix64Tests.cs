using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

public class SplitMix64Tests
{
    [Fact]
    public void Gives_the_published_sequence()
    {
        // The first numbers for the seed 1234567, as the authors' reference implementation prints them.
        var random = new SplitMix64(1234567);

        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
    }
}
