using Autoencoders.Display;
using Autoencoders.Training;

namespace Autoencoders.Tests.Display;

public sealed class LiveProgressTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _drawn = [];

    [Fact]
    public void Without_a_kernel_each_epoch_is_a_line()
    {
        var lines = Console(() => Train(new LiveProgress(_time, _ => null), epochs: 2));

        Assert.Equal(
            ["epoch 1/2: training loss 0.2000, validation loss 0.2500, 5,800 images/s, 1.6 s", "epoch 2/2: training loss 0.1000, validation loss 0.1250, 5,800 images/s, 1.6 s"],
            lines);
    }

    [Fact]
    public void Here_there_is_no_kernel() => Assert.Null(KernelDisplay.TryShow(Table.Of(["a"], [])));

    [Fact]
    public void In_a_kernel_one_output_is_redrawn_at_most_four_times_a_second()
    {
        var progress = new LiveProgress(_time, Show);
        for (var batch = 1; batch <= 100; batch++)
        {
            progress.Report(Batch(1, batch, 100));
            _time.Now += TimeSpan.FromMilliseconds(10);
        }

        // The first report, and those at 250, 500 and 750 ms.
        Assert.Equal(4, _drawn.Count);
        Assert.Contains("epoch 1/3, loss so far 0.5000, 5,800 images/s, 12 s left", _drawn[1]);
    }

    [Fact]
    public void The_end_of_an_epoch_is_always_drawn_and_the_last_state_is_the_table()
    {
        var lines = Console(() => Train(new LiveProgress(_time, Show), epochs: 2));

        Assert.Empty(lines);
        Assert.Equal(3, _drawn.Count);
        Assert.Contains("epoch 1/2, loss so far", _drawn[1]);
        Assert.DoesNotContain("left", _drawn[^1]);
        Assert.Contains("0.1250", _drawn[^1]);
        Assert.Contains("0.2500", _drawn[^1]);
    }

    [Fact]
    public void A_second_training_gets_an_output_of_its_own()
    {
        var shown = 0;
        var progress = new LiveProgress(_time, _ => { shown++; return _ => { }; });
        Train(progress, epochs: 1);
        Train(progress, epochs: 1);

        Assert.Equal(2, shown);
    }

    [Fact]
    public void A_display_that_fails_is_reported_and_training_goes_on()
    {
        var lines = Console(() => Train(new LiveProgress(_time, _ => _ => throw new InvalidOperationException("no screen")), epochs: 2));

        Assert.Equal(3, lines.Length);
        Assert.Contains("no screen", lines[0]);
        Assert.StartsWith("epoch 1/2", lines[1]);
        Assert.StartsWith("epoch 2/2", lines[2]);
    }

    [Fact]
    public void Html_has_a_bar_while_training_runs_and_none_after()
    {
        var html = new List<string>();
        var progress = new LiveProgress(_time, first => { html.Add(first.ToHtml()); return next => html.Add(next.ToHtml()); });
        Train(progress, epochs: 2);

        Assert.Contains("width:25.0%", html[0]);
        Assert.Contains("Stop button, in Jupyter make the file ", html[0]);
        Assert.DoesNotContain("Stop button", html[^1]);
        Assert.DoesNotContain("width:", html[^1].Split("<table")[0]);
        Assert.Contains("<table", html[^1]);
    }

    private static TrainingProgress Batch(int epoch, int batch, int batches, int epochs = 3, EpochResult? completed = null) =>
        new(epoch, epochs, batch, batches, 0.5, 5800, TimeSpan.FromSeconds(12), completed);

    private static void Train(LiveProgress progress, int epochs)
    {
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            progress.Report(Batch(epoch, 1, 2, epochs));
            progress.Report(Batch(epoch, 2, 2, epochs, new EpochResult(epoch, 0.2 / epoch, 0.25 / epoch, 1.6, 5800)));
        }
    }

    private static string[] Console(Action action)
    {
        var before = System.Console.Out;
        using var writer = new StringWriter();
        System.Console.SetOut(writer);
        try
        {
            action();
        }
        finally
        {
            System.Console.SetOut(before);
        }

        return writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    private Action<IFigure>? Show(IFigure first)
    {
        _drawn.Add(first.ToString()!);
        return next => _drawn.Add(next.ToString()!);
    }

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
