using System.Diagnostics;

namespace Autoencoders.Fuzz;

/// <summary>Gives a target inputs, and counts what is neither success nor its one exception, or too slow, or too dear.</summary>
internal static class Fuzzer
{
    private const double MostSeconds = 1;
    private const int MostFaults = 100, InputsBetweenLooks = 200, InputsBetweenCollections = 10;
    private static readonly TimeSpan Endless = TimeSpan.FromMinutes(2);

    /// <summary>Tries the corpus of a target, and then made inputs.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="count">How many inputs to make.</param>
    /// <param name="seed">Other seeds, other inputs.</param>
    /// <param name="first">The number of the first.</param>
    public static FuzzReport Run(FuzzTarget target, int count, int seed = 1, int first = 0)
    {
        var (run, clock, generator) = (new Tally(target), Stopwatch.StartNew(), new InputGenerator(target, seed));
        var current = "";
        // An input that never ends must not hang the tests for ever: it ends the process with its name.
        using var watchdog = new Timer(_ => Environment.FailFast($"Fuzzing {target.Name}: input {current} does not end."));
        foreach (var (name, bytes) in target.Corpus)
        {
            Try(name, bytes);
        }

        var memory = new PeakMemory();
        for (var number = first; number < first + count && run.Faults.Count < MostFaults; number++)
        {
            Try($"{seed}/{number}", generator.Input(number));
            if (number % InputsBetweenCollections == 0)
            {
                GC.Collect(0); // What a reader drops is not what it takes.
            }

            if ((number - first + 1) % InputsBetweenLooks == 0)
            {
                // Memory of native code shows only in the whole process: what was taken since the last look is looked for input by input.
                if (memory.Grown > target.MostBytes)
                {
                    for (var again = number - InputsBetweenLooks + 1; again <= number; again++)
                    {
                        var input = generator.Input(again);
                        GC.Collect();
                        memory.Reset();
                        Try($"{seed}/{again}", input);
                        run.Taken($"{seed}/{again}", input, memory.Grown);
                    }
                }

                memory.Reset();
            }
        }

        return new FuzzReport(target.Name, run.Inputs, run.Read, clock.Elapsed.TotalSeconds, run.Slowest, run.Dearest, run.Faults);

        void Try(string name, byte[] bytes)
        {
            current = name;
            watchdog.Change(Endless, Timeout.InfiniteTimeSpan);
            run.Try(name, bytes);
        }
    }

    private sealed class Tally(FuzzTarget target)
    {
        public int Inputs { get; private set; }

        public int Read { get; private set; }

        public double Slowest { get; private set; }

        public long Dearest { get; private set; }

        public List<(string Input, string What, byte[] Bytes)> Faults { get; } = [];

        public void Try(string name, byte[] input)
        {
            Inputs++;
            var (content, seconds, taken, fault) = Measure(input);
            Read += content is null ? 0 : 1;
            // Other programs, the garbage collector and the just-in-time compiler take time too: only what is slow again is slow.
            for (var again = 0; again < 2 && seconds > MostSeconds; again++)
            {
                seconds = Math.Min(seconds, Measure(input).Seconds);
            }

            Slowest = Math.Max(Slowest, seconds);
            Taken(name, input, taken - (content ?? 0));
            if (fault is null && seconds > MostSeconds)
            {
                fault = $"took {seconds:F1} s of processor time";
            }

            if (fault is not null)
            {
                Faults.Add((name, fault, input));
            }
        }

        public void Taken(string name, byte[] input, long bytes)
        {
            bytes -= input.Length;
            Dearest = Math.Max(Dearest, bytes);
            if (bytes > target.MostBytes)
            {
                Faults.Add((name, $"took {bytes / 1e6:F0} MB for {input.Length} bytes", input));
            }
        }

        private (long? Content, double Seconds, long Taken, string? Fault) Measure(byte[] input)
        {
            var (bytes, time, content) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, (long?)null);
            string? fault = null;
            try
            {
                content = target.Read(input);
            }
            catch (Exception e)
            {
                if (e.GetType() != target.Refusal)
                {
                    fault = $"{e.GetType().Name}: {e.Message.Split('\n')[0]} {e.StackTrace?.Split('\n')[0].Trim()}";
                }
            }

            return (content, (Environment.CpuUsage.TotalTime - time).TotalSeconds, GC.GetTotalAllocatedBytes() - bytes, fault);
        }
    }
}
