namespace Autoencoders.Compression.Tests.Lossless;

public sealed class PixelHistoryTests
{
    private static readonly PixelShape Shape = new(3, 4, 16, 16);

    [Fact]
    public void A_pixel_sees_those_before_it_and_no_other()
    {
        var random = new Random(1);
        var image = new byte[784];
        random.NextBytes(image);
        var seen = All(image);
        for (var changed = 0; changed < 784; changed += 61)
        {
            var other = (byte[])image.Clone();
            other[changed] ^= 0x80;
            var now = All(other);
            Assert.Equal(seen[..(changed + 1)], now[..(changed + 1)]);
            Assert.True(changed % 28 == 27 || seen[changed + 1] != now[changed + 1]);
        }
    }

    [Fact]
    public void The_window_holds_the_neighbours_in_order()
    {
        var history = new PixelHistory(Shape);
        for (var i = 0; i < 10 * 28 + 14; i++)
        {
            history.Take((byte)(i % 28 == 14 ? 255 : i % 28));
        }

        var inputs = new short[Shape.Inputs];
        history.CopyWindow(inputs);

        short[] row = [10, 11, 12, 13, 255, 15, 16, 17, 18];
        Assert.Equal([.. row, .. row, .. row, 10, 11, 12, 13], inputs[..31]);
        Assert.All(inputs[31..62], ink => Assert.Equal(256, ink));
        short[] near = [12 * 12 / 256, 13 * 13 / 256, 255 * 255 / 256, 0, 1];
        Assert.Equal([.. near, .. near, 0, 0], inputs[62..74]);
        Assert.Equal(2, inputs[74..].Count(value => value == 256));
        Assert.Equal((10, 14), (history.Row, history.Column));
    }

    [Fact]
    public void Ink_is_seen_as_far_as_the_window_goes()
    {
        var history = new PixelHistory(Shape);
        for (var i = 0; i < 784; i++)
        {
            var (row, column) = (i / 28, i % 28);
            var expected = row switch
            {
                5 => column is > 10 and <= 14,
                > 5 and <= 8 => Math.Abs(column - 10) <= 4,
                _ => false,
            };
            Assert.Equal(expected, history.SeesInk);
            history.Take((byte)(i == 5 * 28 + 10 ? 7 : 0));
        }
    }

    [Fact]
    public void Places_stay_inside_their_table()
    {
        foreach (var ink in (int[])[0, 1, 2, 29])
        {
            var history = new PixelHistory(Shape);
            var places = new int[PixelHistory.PlaceIndices];
            for (var i = 0; i < 784; i++)
            {
                history.CopyPlaces(places);
                Assert.All(places, place => Assert.InRange(place, 0, PixelHistory.Places - 1));
                Assert.Equal(PixelHistory.PlaceIndices, places.Distinct().Count());
                history.Take((byte)(ink > 0 && i % ink == 0 ? 252 + i % 4 : 0));
            }

            Assert.Equal((28, 0), (history.Row, history.Column));
        }
    }

    [Theory]
    [InlineData(1, 5, 16, 16)]
    [InlineData(28, 5, 16, 16)]
    [InlineData(5, 1, 16, 16)]
    [InlineData(5, 17, 16, 16)]
    [InlineData(5, 5, 24, 16)]
    [InlineData(5, 5, 16, 528)]
    public void Measures_out_of_bounds_are_refused(int rows, int columns, int hidden, int hidden2) =>
        Assert.Throws<ArgumentException>(() => new PixelNetwork(new PixelShape(rows, columns, hidden, hidden2)));

    private static List<string> All(byte[] image)
    {
        var (history, all, inputs, places) = (new PixelHistory(Shape), new List<string>(), new short[Shape.Inputs], new int[PixelHistory.PlaceIndices]);
        foreach (var pixel in image)
        {
            history.CopyWindow(inputs);
            history.CopyPlaces(places);
            all.Add($"{string.Join(' ', inputs)} {string.Join(' ', places)} {history.SeesInk}");
            history.Take(pixel);
        }

        return all;
    }
}
