using System.Diagnostics;

namespace Autoencoders.Benchmarks;

internal static class Timing
{
    private const int Runs = 4, WarmUps = 3, Rounds = 9;

    /// <summary>Runs <paramref name="work"/> a few times: the first warms up, and the best of the others counts.</summary>
    public static (T Result, double Seconds) Best<T>(Func<T> work, int runs = Runs)
    {
        var (result, best) = (work(), double.MaxValue);
        for (var run = 1; run < runs; run++)
        {
            var clock = Stopwatch.StartNew();
            result = work();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return (result, best);
    }

    /// <summary>Runs two pieces of work in turn, so that what else the machine does meets both: the medians of several rounds, after some to warm up.</summary>
    public static (double First, double Second) InTurn(Action first, Action second)
    {
        var seconds = Enumerable.Range(0, WarmUps + Rounds).Select(_ => (First: Seconds(first), Second: Seconds(second))).Skip(WarmUps).ToArray();
        return (Median(seconds.Select(s => s.First)), Median(seconds.Select(s => s.Second)));
    }

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
