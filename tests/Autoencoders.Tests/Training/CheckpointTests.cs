using System.Diagnostics;
using Autoencoders.Benchmarks;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class CheckpointTests
{
    private const int Kills = 20;

    private static readonly int KilledExitCode = OperatingSystem.IsWindows() ? -1 : 128 + 9;

    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(640), Validation = Sample.Test.Take(100);

    [Fact]
    public void A_run_killed_twenty_times_ends_with_the_weights_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        string File(string name) => folder[name];
        Assert.True(Train(File("whole.checkpoint"), File("whole.safetensors"), every: 1000, killAfter: null));
        var chance = new Random(20);

        var kills = 0;
        while (kills < Kills && !Train(File("killed.checkpoint"), File("killed.safetensors"), every: 0.01, TimeSpan.FromSeconds(0.5 * chance.NextDouble())))
        {
            kills++;
        }

        Assert.True(Train(File("killed.checkpoint"), File("killed.safetensors"), every: 0.01, killAfter: null));
        Assert.InRange(kills, Kills / 2, Kills);
        Assert.Equal(System.IO.File.ReadAllBytes(File("whole.safetensors")), System.IO.File.ReadAllBytes(File("killed.safetensors")));
    }

    [Fact]
    public void A_cancelled_run_goes_on_where_it_was_with_its_history()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { Epochs = 3, Checkpoint = folder["run.checkpoint"] };
        using var source = new CancellationTokenSource();
        using var whole = new ConvAutoencoder();
        using var model = new ConvAutoencoder();
        using var anew = new ConvAutoencoder(new() { Seed = 99 });
        var expected = Trainer.Fit(whole, Training, Validation, options with { Checkpoint = null });

        var first = Trainer.Fit(model, Training, Validation, options, new Stopper(source), source.Token);
        var second = Trainer.Fit(anew, Training, Validation, options);

        Assert.Single(first.Epochs);
        Assert.Equal(expected.Epochs.Select(e => (e.Epoch, e.TrainingLoss, e.ValidationLoss)), second.Epochs.Select(e => (e.Epoch, e.TrainingLoss, e.ValidationLoss)));
        Assert.All(whole.parameters().Zip(anew.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { Epochs = 1, Checkpoint = folder["run.checkpoint"] };
        using var model = new ConvAutoencoder();
        var history = Trainer.Fit(model, Training, Validation, options);
        using var again = new ConvAutoencoder();

        Assert.Equal(history.Epochs, Trainer.Fit(again, Training, Validation, options).Epochs);
        Assert.Equal(history.FinalValidationLoss, Trainer.Evaluate(again, Validation), 1e-6);
    }

    [Fact]
    public void The_checkpoint_of_another_run_is_refused_and_kept()
    {
        using var folder = new TemporaryFolder();
        var path = folder["run.checkpoint"];
        using var model = new ConvAutoencoder();
        Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Checkpoint = path });
        var bytes = File.ReadAllBytes(path);

        foreach (var other in new TrainingOptions[] { new() { Epochs = 2 }, new() { Epochs = 1, Seed = 1 }, new() { Epochs = 1, BatchSize = 64 }, new() { Epochs = 1, LearningRate = 1e-3 } })
        {
            var error = Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, Training, Validation, other with { Checkpoint = path }));
            Assert.Contains("another run", error.Message);
        }

        Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, Training.Take(639), Validation, new() { Epochs = 1, Checkpoint = path }));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_damaged_checkpoint_is_said_to_be()
    {
        using var folder = new TemporaryFolder();
        var path = folder["run.checkpoint"];
        using var model = new ConvAutoencoder();
        Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Checkpoint = path });
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);

        var error = Assert.Throws<SafetensorsFormatException>(() => Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Checkpoint = path }));

        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Refused_checkpoints_leave_no_threads_behind_and_the_number_of_libtorch_s_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var model = new ConvAutoencoder();
        var (path, workers, own) = (folder["run.checkpoint"], TorchRuntime.Workers, get_num_threads());
        Trainer.Fit(model, Training, Validation, new() { Epochs = 1, Checkpoint = path });
        try
        {
            TorchRuntime.Workers = 8;
            set_num_threads(2);
            var threads = Process.GetCurrentProcess().Threads.Count;
            for (var i = 0; i < 10; i++)
            {
                Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, Training, Validation, new() { Epochs = 2, Checkpoint = path }));
            }

            // Ten times seven, where they stay.
            Assert.InRange(Process.GetCurrentProcess().Threads.Count, 0, threads + 35);
            Assert.Equal(2, get_num_threads());
        }
        finally
        {
            TorchRuntime.Workers = workers;
            set_num_threads(own);
        }
    }

    /// <summary>Runs the training in a process of its own; true where it came to its end.</summary>
    private static bool Train(string checkpoint, string weights, double every, TimeSpan? killAfter)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ResumableTraining).Assembly.Location, ResumableTraining.Command, checkpoint, weights, FormattableString.Invariant($"{every}")])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        if (killAfter is { } delay)
        {
            Thread.Sleep(delay);
            process.Kill();
        }

        process.WaitForExit();
        var finished = process.StandardOutput.ReadToEnd().Contains("finished", StringComparison.Ordinal);
        Assert.True(finished || (killAfter is not null && process.ExitCode == KilledExitCode), $"The training ended with {process.ExitCode}.");
        return finished;
    }

    private sealed class Stopper(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is not null)
            {
                source.Cancel();
            }
        }
    }
}
