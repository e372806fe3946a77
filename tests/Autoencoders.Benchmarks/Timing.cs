using System.Diagnostics;

namespace Autoencoders.Benchmarks;

internal static class Timing
{
    private const int Runs = 4;

    /// <summary>Runs <paramref name="work"/> a few times: the first warms up, and the best of the others counts.</summary>
    public static (T Result, double Seconds) Best<T>(Func<T> work)
    {
        var (result, best) = (work(), double.MaxValue);
        for (var run = 1; run < Runs; run++)
        {
            var clock = Stopwatch.StartNew();
            result = work();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return (result, best);
    }
}
