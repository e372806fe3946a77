namespace Autoencoders.Training;

/// <summary>How the learning rate and Adam's first momentum move in the course of training.</summary>
public abstract record Schedule
{
    /// <summary>The learning rate of the options at every step, with Adam's usual momentum of 0.9.</summary>
    public static Schedule Constant { get; } = new ConstantSchedule();

    /// <summary>
    /// One cycle: the rate rises from 1/25 of its peak during the first 30 % of the steps and falls to nearly nothing
    /// by the last, in half cosines, while the momentum goes from 0.95 to 0.85 and back.
    /// </summary>
    /// <remarks>
    /// Source: L. N. Smith, N. Topin, "Super-Convergence", arXiv:1708.07120, with the shape and defaults of PyTorch's <c>OneCycleLR</c>.
    /// </remarks>
    public static Schedule OneCycle { get; } = new OneCycleSchedule();

    /// <summary>What a step trains with.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">All steps of the run.</param>
    /// <param name="peak">The learning rate of the options.</param>
    public abstract (double LearningRate, double Momentum) At(int step, int steps, double peak);

    private sealed record ConstantSchedule : Schedule
    {
        public override (double LearningRate, double Momentum) At(int step, int steps, double peak) => (peak, 0.9);
    }

    private sealed record OneCycleSchedule : Schedule
    {
        private const double Rise = 0.3, Start = 1 / 25.0, End = Start / 1e4, LowMomentum = 0.85, HighMomentum = 0.95;

        public override (double LearningRate, double Momentum) At(int step, int steps, double peak)
        {
            var top = Math.Max(1, Rise * steps - 1);
            var (from, to, position) = step <= top ? (Start, 1.0, step / top) : (1.0, End, (step - top) / (steps - 1 - top));
            var (fromMomentum, toMomentum) = step <= top ? (HighMomentum, LowMomentum) : (LowMomentum, HighMomentum);
            return (peak * HalfCosine(from, to, position), HalfCosine(fromMomentum, toMomentum, position));
        }

        private static double HalfCosine(double from, double to, double position) =>
            to + (from - to) / 2 * (1 + Math.Cos(Math.PI * Math.Clamp(position, 0, 1)));
    }
}
