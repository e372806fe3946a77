namespace NotebookRunner.Series;

/// <summary>Starts pieces of work in their order, several at a time; one that must be alone waits for those before it, and those after it wait for it.</summary>
/// <param name="limit">How many may run at a time.</param>
internal sealed class SideBySide(int limit)
{
    /// <param name="count">How many pieces there are.</param>
    /// <param name="alone">Whether nothing may run beside a piece.</param>
    /// <param name="work">A piece, and whether others may run beside it.</param>
    public async Task RunAsync(int count, Func<int, bool> alone, Func<int, bool, Task> work)
    {
        var running = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var withOthers = limit > 1 && count > 1 && !alone(i);
            await WaitAsync(running, withOthers ? limit - 1 : 0);
            running.Add(work(i, withOthers));
            if (!withOthers)
            {
                await WaitAsync(running, 0);
            }
        }

        await WaitAsync(running, 0);
    }

    private static async Task WaitAsync(List<Task> running, int atMost)
    {
        while (running.Count > atMost)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            await ended;
        }
    }
}
