using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class StopTests : IDisposable
{
    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(640), Validation = Sample.Test.Take(200);

    private readonly string? _artifacts = Environment.GetEnvironmentVariable(ProjectFolder.ArtifactsVariable);
    private readonly TemporaryFolder _folder = new();

    public StopTests() => Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _folder.Root);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _artifacts);
        _folder.Dispose();
    }

    [Fact]
    public void Nothing_stops_outside_of_a_cell()
    {
        MakeFile();

        Assert.False(Stop.Requested);
        Assert.True(File.Exists(Stop.FilePath));
    }

    [Fact]
    public void The_file_stops_the_cell_that_runs_and_not_the_next()
    {
        InCell(_ =>
        {
            Assert.False(Stop.Requested);
            MakeFile();
            Assert.True(SpinWait.SpinUntil(() => Stop.Requested, TimeSpan.FromSeconds(30)));
            Assert.False(File.Exists(Stop.FilePath));
            Assert.True(Stop.Requested);
        });
        InCell(_ => Assert.False(Stop.Requested));
    }

    [Fact]
    public void A_file_from_before_is_taken_away_and_stops_nothing()
    {
        MakeFile();
        InCell(_ =>
        {
            Assert.False(Stop.Requested);
            Assert.False(File.Exists(Stop.FilePath));
        });
    }

    [Fact]
    public void Cancelling_the_cell_stops_it_also_where_nobody_asked_before_and_the_next_runs()
    {
        InCell(cell =>
        {
            cell.Fail(cell.Command);
            Assert.True(Stop.Requested);
        });
        InCell(_ => Assert.False(Stop.Requested));
    }

    [Fact]
    public void What_a_cell_left_running_in_the_background_may_go_on_asking()
    {
        ExecutionContext? context = null;
        InCell(_ => context = ExecutionContext.Capture());

        ExecutionContext.Run(context!, _ => Assert.False(Stop.Requested), null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_trainer_ends_within_the_epoch_keeps_what_it_learned_and_says_so(bool cancel) => InCell(cell =>
    {
        using var model = new ConvAutoencoder();
        var before = Trainer.Evaluate(model, Validation);
        TrainingHistory? history = null;

        var said = Output(() => history = Trainer.Fit(model, Training, Validation, new() { Epochs = 1000, CheckpointEvery = TimeSpan.Zero, Checkpoint = _folder["run"] }, new Reporter(report =>
        {
            if (report.Completed is { Epoch: 2 })
            {
                Ask(cell, cancel);
            }
        })));

        Assert.InRange(history!.Epochs.Count, 2, 999);
        Assert.True(Trainer.Evaluate(model, Validation) < before);
        Assert.Matches(@"^Stopped in epoch \d+ of 1000, after \d+ of its 20 batches: ", said);
        Assert.Equal(history.Epochs.Count, Trainer.Fit(model, Training, Validation, new() { Epochs = 1000, Checkpoint = _folder["run"] }).Epochs.Count);
    });

    [Fact]
    public void A_training_that_came_to_its_end_is_not_said_to_be_stopped() => InCell(cell =>
    {
        using var model = new ConvAutoencoder();

        var said = Output(() => Trainer.Fit(model, Training, Validation, new() { Epochs = 1 }, new Reporter(report =>
        {
            if (report.Completed is not null)
            {
                Ask(cell, cancel: true);
            }
        })));

        Assert.Equal("", said);
    });

    [Fact]
    public void Validation_does_not_hold_it_up_and_is_made_up_for_by_going_on()
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions { Epochs = 1, Checkpoint = _folder["run"] };
        using var model = new Slow();
        using var whole = new Slow();
        InCell(cell =>
        {
            model.Evaluating = _ => Ask(cell, cancel: true);
            var history = Trainer.Fit(model, Training.Take(64), Sample.Test, options);

            Assert.Empty(history.Epochs);
            Assert.Equal(double.NaN, history.FinalValidationLoss);
            Assert.InRange(model.Evaluated, 1, TorchRuntime.Workers);
        });

        var resumed = Trainer.Fit(model, Training.Take(64), Sample.Test, options);
        var expected = Trainer.Fit(whole, Training.Take(64), Sample.Test, options with { Checkpoint = null });

        Assert.Equal(expected.Epochs.Select(e => (e.TrainingLoss, e.ValidationLoss)), resumed.Epochs.Select(e => (e.TrainingLoss, e.ValidationLoss)));
    }

    private static void MakeFile() => File.WriteAllText(Stop.FilePath, "");

    private static void Ask(KernelInvocationContext cell, bool cancel)
    {
        if (cancel)
        {
            cell.Fail(cell.Command);
        }
        else
        {
            MakeFile();
        }
    }

    private static void InCell(Action<KernelInvocationContext> cell)
    {
        using var context = KernelInvocationContext.GetOrCreateAmbientContext(new SubmitCode("train"));
        cell(context);
    }

    private static string Output(Action action)
    {
        var before = Console.Out;
        using var writer = new StringWriter();
        Console.SetOut(writer);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }

        return writer.ToString();
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    /// <summary>Tells when it is evaluated, which so may take as long as one likes.</summary>
    private sealed class Slow : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _scale = new(zeros(1));
        private int _evaluated;

        public Slow()
            : base(nameof(Slow)) => register_parameter("scale", _scale);

        public int Evaluated => _evaluated;

        public Action<int>? Evaluating { get; set; }

        public override Tensor forward(Tensor input)
        {
            if (!training)
            {
                Evaluating?.Invoke(Interlocked.Increment(ref _evaluated));
            }

            return input * _scale;
        }
    }
}
