namespace Autoencoders.Compression.Tests.Lossless;

public sealed class IntegerDenseTests
{
    [Theory]
    [InlineData(2, 16)]
    [InlineData(38, 48)]
    public void It_adds_the_products(int inputs, int outputs)
    {
        var random = new Random(inputs);
        short[] weights = [.. Enumerable.Range(0, inputs * outputs).Select(_ => (short)random.Next(-3000, 3000))];
        short[] numbers = [.. Enumerable.Range(0, inputs).Select(i => (short)(i % 3 == 0 ? 0 : random.Next(8192)))];
        var sums = Enumerable.Range(0, outputs).ToArray();

        new IntegerDense(weights, outputs, 8191, _ => outputs).AddTo(numbers, sums);

        Assert.Equal(Enumerable.Range(0, outputs).Select(output => output + Enumerable.Range(0, inputs).Sum(i => weights[output * inputs + i] * numbers[i])), sums);
    }

    [Fact]
    public void Weights_that_could_overflow_are_refused()
    {
        var weights = new short[16 * 10];
        weights.AsSpan(10, 10).Fill(short.MinValue);

        Assert.Contains("output 1", Assert.Throws<ArgumentException>(() => new IntegerDense(weights, 16, 8191, _ => 0)).Message);
        Assert.Contains("output 0", Assert.Throws<ArgumentException>(() => new IntegerDense(new short[16 * 10], 16, 8191, _ => 1L << 31)).Message);
        Assert.Throws<ArgumentException>(() => new IntegerDense(new short[15 * 10], 15, 1, _ => 0));
        Assert.Throws<ArgumentException>(() => new IntegerDense(new short[16 * 9], 16, 1, _ => 0));
        Assert.Throws<ArgumentException>(() => new IntegerDense(new short[16 * 10], 16, 1, _ => 0).AddTo(new short[8], new int[16]));
    }
}
