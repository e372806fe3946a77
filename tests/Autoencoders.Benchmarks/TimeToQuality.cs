using System.Diagnostics;
using System.Text.Json;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;

namespace Autoencoders.Benchmarks;

/// <summary>How long it takes to reach a test loss, against the tutorial's recipe in a plain loop.</summary>
internal static class TimeToQuality
{
    private const int TutorialEpochs = 20;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly (double Target, TrainingOptions Recipe)[] Recipes =
    [
        (0.0687, new() { Epochs = 1, BatchSize = 24, LearningRate = 2e-2 }),
        (0.0660, new() { Epochs = 3, BatchSize = 16, LearningRate = 2e-2 }),
    ];

    public static int Run(string[] args)
    {
        TorchRuntime.Initialize();
        var data = MnistDataset.Load();
        Console.WriteLine(data);
        var plain = TrainingStep.All[0].Measure().ImagesPerSecond;
        var tutorial = TutorialEpochs * data.Train.Count / plain;
        Console.WriteLine($"the tutorial's {TutorialEpochs} epochs (Adam 1e-3, batch 256) in a plain loop: {tutorial:N0} s at the {plain:N0} images/s measured now");
        var results = Recipes.Select(recipe => Measure(data, recipe.Target, recipe.Recipe, tutorial)).ToList();
        var path = Path.Combine(ProjectFolder.Artifacts, "time-to-quality.json");
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new { Data = data.Source, TutorialSeconds = tutorial, Recipes = results }, Json));
        Console.WriteLine($"written to {Path.GetRelativePath(ProjectFolder.Root, path)}");
        return 0;
    }

    private static object Measure(MnistDataset data, double target, TrainingOptions recipe, double tutorial)
    {
        using var model = new ConvAutoencoder();
        var clock = Stopwatch.StartNew();
        var loss = Trainer.Fit(model, data.Train, data.Test, recipe).FinalValidationLoss;
        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine($"one cycle to {recipe.LearningRate}, batch {recipe.BatchSize}, {recipe.Epochs} epochs: test BCE {loss:F4} (asked for {target:F4}) in {seconds:F1} s, measuring it included: 1/{tutorial / seconds:F1} of the tutorial's time");
        return new { Target = target, Loss = loss, Reached = loss <= target, Seconds = seconds, Ratio = tutorial / seconds, recipe.Epochs, recipe.BatchSize, recipe.LearningRate };
    }
}
