using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Training;

/// <summary>The training loop that chapter 03 writes out, with schedules, validation, progress and cancellation.</summary>
public static class Trainer
{
    private static readonly Scalar White = 255;

    /// <summary>Trains <paramref name="model"/> in place to give back the images it is shown, and leaves it on the device it was trained on.</summary>
    /// <param name="model">From images (N, 1, H, W) in [0, 1] to the logits of their reconstructions, of the same shape.</param>
    /// <param name="training">What the weights are fitted to.</param>
    /// <param name="validation">What the loss is measured on after each epoch.</param>
    /// <param name="options">Epochs, batch size, learning rate and the rest; null for the defaults.</param>
    /// <param name="progress">Told after batches, a few times a second, and at the end of every epoch.</param>
    /// <param name="cancellation">Ends training after the current batch, as <see cref="Stop"/> does; the epochs completed so far are returned.</param>
    /// <returns>The losses and the speed of each epoch.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// There are no training or no validation images, or they differ in size; the model has no trainable parameters, or gives something else
    /// than a logit for each pixel; the device is not there.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// Gradients are switched off; the model cannot compute the images, or its loss has no gradient, because its output is detached or a layer
    /// changes in place what the gradient needs; the loss is no longer a finite number; or the checkpoint belongs to another run. The message says which.
    /// </exception>
    /// <exception cref="SafetensorsFormatException">The checkpoint is damaged; the model is as it was.</exception>
    public static TrainingHistory Fit(
        nn.Module<Tensor, Tensor> model,
        ImageSet training,
        ImageSet validation,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new TrainingOptions();
        options.Check(training, validation);
        Gradients.CheckEnabled();
        using var scope = NewDisposeScope();
        using var run = new TrainingRun(model, training, validation, options, progress);
        while (!run.Finished && run.Epoch(() => cancellation.IsCancellationRequested || Stop.Requested))
        {
        }

        if (!run.Finished && Stop.Requested)
        {
            run.ReportStop();
        }

        return new TrainingHistory(run.History);
    }

    /// <summary>The mean loss of <paramref name="model"/> on all of <paramref name="images"/>, in batches.</summary>
    /// <param name="model">From images (N, 1, H, W) in [0, 1] to the logits of their reconstructions.</param>
    /// <param name="images">What to measure on.</param>
    /// <param name="loss">The loss to measure.</param>
    /// <exception cref="ArgumentException">There are no images, or the model gives something else than a logit for each pixel.</exception>
    /// <exception cref="InvalidOperationException">The model cannot compute the images.</exception>
    public static double Evaluate(nn.Module<Tensor, Tensor> model, ImageSet images, Loss loss = Loss.BinaryCrossEntropy)
    {
        if (images.Count == 0)
        {
            throw new ArgumentException("There are no images to measure the loss on.", nameof(images));
        }

        using var scope = NewDisposeScope();
        var device = model.parameters().FirstOrDefault()?.device ?? CPU;
        using var parallel = new ParallelModel(model, loss, device);
        return parallel.Evaluate(images.ToBytes().to(device))!.Value;
    }

    internal static Tensor ToPixels(Tensor bytes) => ChannelsLast.Arrange(bytes.to(float32).div_(White));
}
