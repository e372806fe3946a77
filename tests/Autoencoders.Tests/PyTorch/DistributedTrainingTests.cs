using System.Globalization;
using System.Text.RegularExpressions;
using Autoencoders.Data;
using Autoencoders.Metrics;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Tests.PyTorch;

/// <summary><c>docs/train_distributed.py</c> in processes of its own, which talk over loopback.</summary>
public sealed partial class DistributedTrainingTests : IDisposable
{
    // Runs the script as it is and keeps what each process ended with.
    private const string Wrapper = """
        import os, runpy, sys
        import autoencoder
        sys.argv = sys.argv[1:]
        trained = runpy.run_path(sys.argv[0], run_name="__main__")["trained"]
        autoencoder.save("rank" + os.environ["RANK"], trained.state_dict())
        """;

    private static readonly TrainingOptions Options = new() { Epochs = 2, BatchSize = 64, LearningRate = 0.01 };

    private readonly TemporaryFolder _folder = new();
    private readonly MnistDataset _sample = MnistDataset.LoadSample();
    private readonly ConvAutoencoder _start = new(new() { Seed = 3 });

    public DistributedTrainingTests()
    {
        ModelWeights.Save(_start, _folder["start"]);
        IdxFile.Write(_folder["images.gz"], new IdxArray([Training.Count, 28, 28], Training.Pixels));
        File.WriteAllText(_folder["wrapper.py"], Wrapper);
    }

    private ImageSet Training => _sample.Train.Take(2_000);

    public void Dispose()
    {
        _start.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Two_processes_train_on_from_our_weights_end_with_the_same_and_do_as_well_as_one_and_as_the_trainer()
    {
        var (two, one) = (Train(processes: 2), Train(processes: 1));

        Assert.Equal(2, two.Losses.Length);
        Assert.True(two.Losses[1] < 0.7 * two.Losses[0], $"The loss went from {two.Losses[0]} to {two.Losses[1]}.");
        Assert.Equal(one.Losses[0], two.Losses[0], 0.002);
        Assert.Equal(one.Losses[1], two.Losses[1], 0.002);
        Assert.Equal(one.TestLoss, two.TestLoss, 0.002);
        Trainer.Fit(_start, Training, _sample.Test, Options);
        Assert.Equal(Trainer.Evaluate(_start, _sample.Test), two.TestLoss, 0.02);
    }

    [Fact]
    public void A_batch_that_cannot_be_divided_is_refused_before_training()
    {
        var (exitCode, _, errors) = Start(processes: 2, batch: 63);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--batch 63 cannot be divided among 2 processes", errors);
        Assert.False(File.Exists(_folder["trained"]));
    }

    [Fact]
    public void Weights_that_are_no_longer_finite_are_never_written()
    {
        var (exitCode, _, errors) = Start(processes: 1, rate: 1e30);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("no longer a finite number", errors);
        Assert.False(File.Exists(_folder["trained"]));
    }

    [Fact]
    public void What_is_no_IDX_file_of_digits_is_refused()
    {
        File.WriteAllText(_folder["images"], "not IDX");

        var (exitCode, _, errors) = Python.TryRun(_folder.Root, "-c", "import autoencoder; autoencoder.images('images')");

        Assert.Equal((1, "images holds no IDX images of 28 x 28 bytes, or not as many as it says."), (exitCode, errors.Trim()));
    }

    /// <summary>The losses that the script prints, and the test loss of what it wrote, which every process must have.</summary>
    private (double[] Losses, double TestLoss) Train(int processes)
    {
        var (exitCode, output, errors) = Start(processes);
        Assert.True(exitCode == 0, $"{processes} processes ended with {exitCode}:\n{output}\n{errors}");
        using var scope = NewDisposeScope();
        using var trained = new ConvAutoencoder();
        ModelWeights.Load(trained, _folder["trained"]);
        Assert.All(Enumerable.Range(0, processes), rank => Assert.Equal(File.ReadAllBytes(_folder["trained"]), File.ReadAllBytes(_folder[$"rank{rank}"])));
        var test = _sample.Test.ToTensor();
        Assert.True(ImageMetrics.Psnr(test, trained.Reconstruct(test)) > 15);
        double[] losses = [.. Loss().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        return (losses, Trainer.Evaluate(trained, _sample.Test));
    }

    // PyTorch 1.13 under Python 3.11 cannot do without redirects, so this asks for those of a tenth process, which is not there.
    private (int ExitCode, string Output, string Errors) Start(int processes, int? batch = null, double? rate = null) => Python.TryRun(
        _folder.Root,
        "-m", "torch.distributed.run", "--redirects", "9:1", "--tee", "9:1", "--rdzv_backend", "c10d", "--rdzv_endpoint", "localhost:0", "--nproc_per_node", $"{processes}",
        "wrapper.py", Path.Combine(Python.Docs, "train_distributed.py"), "start", "images.gz", "trained",
        "--epochs", $"{Options.Epochs}", "--batch", $"{batch ?? Options.BatchSize}", "--rate", FormattableString.Invariant($"{rate ?? Options.LearningRate}"));

    [GeneratedRegex(@"epoch \d+: loss (\S+),")]
    private static partial Regex Loss();
}
