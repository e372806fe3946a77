using Autoencoders.Fuzz;

namespace Autoencoders.Compression.Tests;

/// <summary>Every reader refuses what it cannot read with its one exception, in a second and 50 MB.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 20_000;

    [Theory]
    [InlineData("idx")]
    [InlineData("safetensors")]
    [InlineData("codec")]
    [InlineData("cae")]
    [InlineData("cal")]
    [InlineData("csv")]
    [InlineData("checkpoint")]
    [InlineData("results")]
    public void Any_input_is_read_or_refused(string reader)
    {
        var report = Fuzzer.Run(FuzzTargets.Named(reader), Inputs);

        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        Assert.True(report.Faults.Count == 0, $"{report}");
        Assert.InRange(report.Read, Inputs / 200, Inputs);
    }

    [Fact]
    public void What_a_reader_does_wrong_is_found()
    {
        byte[] seed = [.. "1234567890"u8];
        FuzzReport Report(Func<byte[], long> read, int inputs = 300) => Fuzzer.Run(new FuzzTarget("none", typeof(FormatException), read, [seed]), inputs);

        Assert.Empty(Report(input => input.Length > 10 ? throw new FormatException() : 0).Faults);
        Assert.Contains("IndexOutOfRange", Report(input => input[9]).Faults[0].What);
        Assert.Contains("60 MB", Report(input => new byte[60_000_000].Length - 60_000_000, inputs: 1).Faults[0].What);
        Assert.Contains("processor time", Report(_ => Busy(), inputs: 1).Faults[0].What);
    }

    [Fact]
    public void An_input_depends_on_its_number_alone()
    {
        var generator = new InputGenerator(FuzzTargets.Named("idx"), seed: 3);
        var inputs = Enumerable.Range(0, 50).Select(generator.Input).ToList();

        Assert.Equal(inputs[17], new InputGenerator(FuzzTargets.Named("idx"), seed: 3).Input(17));
        Assert.True(inputs.Select(Convert.ToBase64String).Distinct().Count() > 40);
    }

    private static long Busy()
    {
        var until = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(1.1);
        while (Environment.CpuUsage.TotalTime < until)
        {
        }

        return 0;
    }
}
