namespace Autoencoders.Compression.Tests.Lossless;

public sealed class RansStackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(31)]
    public void What_was_pushed_comes_off_the_other_way_round(int bits)
    {
        var random = new Random(bits);
        var (stack, parts) = (new RansStack(), new List<(uint Start, uint Frequency)>());
        for (var i = 0; i < 5000; i++)
        {
            var start = (uint)random.NextInt64(1L << bits);
            var most = (1L << bits) - start;
            var frequency = (uint)(random.Next(3) == 0 ? most : 1 + random.NextInt64(Math.Min(most, 1L << random.Next(bits + 1))));
            parts.Add((start, (uint)Math.Min(frequency, most)));
        }

        parts.ForEach(part => stack.Push(part.Start, part.Frequency, bits));
        stack = new RansStack(stack.ToBytes());
        parts.Reverse();
        foreach (var (start, frequency) in parts)
        {
            Assert.InRange(stack.Peek(bits), start, start + (long)frequency - 1);
            stack.Pop(start, frequency, bits);
        }

        Assert.True(stack.IsAsBorrowed);
        Assert.Equal((0, 64), (stack.Borrowed, stack.BitCount));
    }

    [Fact]
    public void A_message_is_as_long_as_its_information()
    {
        var random = new Random(1);
        uint[] starts = [0, 60000, 65000, 65535, 65536];
        var (stack, information) = (new RansStack(), 0.0);
        for (var i = 0; i < 100_000; i++)
        {
            var place = (uint)random.Next(65536);
            var symbol = starts.Count(start => start <= place) - 1;
            stack.Push(starts[symbol], starts[symbol + 1] - starts[symbol], 16);
            information -= Math.Log2((starts[symbol + 1] - starts[symbol]) / 65536.0);
        }

        Assert.InRange(stack.BitCount - information, 0, 64);
    }

    [Fact]
    public void Samples_that_are_popped_and_pushed_again_leave_what_was_borrowed()
    {
        var stack = new RansStack();
        var places = new List<uint>();
        for (var i = 0; i < 1000; i++)
        {
            var place = stack.Peek(12);
            stack.Pop(place & ~3u, 4, 12);
            places.Add(place & ~3u);
        }

        Assert.InRange(stack.Borrowed, 1000 * 10 / 32 - 1, 1000 * 10 / 32 + 1);
        Assert.InRange(places.Average(place => place), 1900, 2200);
        Assert.False(stack.IsAsBorrowed && stack.BitCount == 64);
        places.Reverse();
        places.ForEach(place => stack.Push(place, 4, 12));
        Assert.True(stack.IsAsBorrowed);
        Assert.Equal(64 + 32 * stack.Borrowed, stack.BitCount);
        stack.Push(0, 1, 1);
        Assert.False(stack.IsAsBorrowed);
    }

    [Theory]
    [InlineData(0, 0, 8)]
    [InlineData(255, 2, 8)]
    [InlineData(0, 1, 32)]
    [InlineData(256, 1, 8)]
    public void A_part_that_is_none_is_refused(uint start, uint frequency, int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RansStack().Push(start, frequency, bits));

    [Fact]
    public void The_symbol_on_top_is_the_only_one_that_comes_off()
    {
        var stack = new RansStack();
        stack.Push(10, 5, 8);

        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Pop(0, 10, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.Pop(15, 10, 8));
        stack.Pop(10, 5, 8);
    }

    [Fact]
    public void Bytes_that_are_no_stack_are_refused()
    {
        var bytes = new RansStack().ToBytes();
        foreach (var wrong in (byte[][])[[], bytes[..7], [.. bytes, 1], new byte[8], [.. bytes[..7], 0x80]])
        {
            Assert.Throws<ArgumentException>(() => new RansStack(wrong));
        }
    }
}
