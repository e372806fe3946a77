using Autoencoders.Training;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class ScheduleTests
{
    [Fact]
    public void Constant_stays() =>
        Assert.All(Enumerable.Range(0, 50), step => Assert.Equal((0.003, 0.9), Schedule.Constant.At(step, 50, 0.003)));

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    public void One_cycle_is_the_one_of_torch(int steps)
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(zeros(1));
        var optimizer = optim.Adam([parameter], 0.01);
        var reference = optim.lr_scheduler.OneCycleLR(optimizer, 0.01, total_steps: steps);
        for (var step = 0; step < steps; step++)
        {
            var (rate, momentum) = Schedule.OneCycle.At(step, steps, 0.01);

            Assert.Equal(optimizer.ParamGroups.First().LearningRate, rate, 1e-9);
            Assert.InRange(momentum, 0.85, 0.95);
            optimizer.step();
            if (step < steps - 1)
            {
                reference.step();
            }
        }
    }

    [Fact]
    public void Momentum_is_lowest_where_the_rate_is_highest()
    {
        var steps = Enumerable.Range(0, 100).Select(step => Schedule.OneCycle.At(step, 100, 1)).ToList();

        Assert.Equal(steps.MaxBy(s => s.LearningRate), steps.MinBy(s => s.Momentum));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_run_of_few_steps_has_finite_rates(int steps) =>
        Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(Schedule.OneCycle.At(step, steps, 1).LearningRate, 1e-9, 1));
}
