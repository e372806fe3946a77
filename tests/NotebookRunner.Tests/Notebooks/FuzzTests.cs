using Autoencoders.Fuzz;

namespace NotebookRunner.Tests.Notebooks;

/// <summary>Any bytes are read as a notebook or refused, in a second and 50 MB; of any text there is a page, in a second and 250 MB.</summary>
public sealed class FuzzTests
{
    // A page takes a hundred times as long as a notebook.
    [Theory]
    [InlineData("notebook", 20_000)]
    [InlineData("page", 1_000)]
    public void Any_input_is_read_or_refused(string reader, int inputs)
    {
        var report = Fuzzer.Run(FuzzTargets.Named(reader), inputs);

        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        Assert.True(report.Faults.Count == 0, $"{report}");
        Assert.InRange(report.Read, inputs / 10, report.Inputs);
    }
}
