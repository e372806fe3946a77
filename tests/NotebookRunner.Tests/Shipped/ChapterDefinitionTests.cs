using NotebookRunner.Series;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Shipped;

/// <summary>What a chapter defines in its cells is what later chapters take from the library.</summary>
public sealed class ChapterDefinitionTests
{
    [Fact]
    public Task The_network_of_chapter_02_is_the_one_of_the_library() => AssertAsync("02-build-the-model.ipynb", "class MyAutoencoder", """
        var library = new ConvAutoencoder();
        var (ours, theirs) = (ModelSummary.Of(model).Layers, ModelSummary.Of(library).Layers);
        if (!ours.Select(l => $"{l}{string.Join(",", l.OutputShape)}".Replace(l.OutputShape.ToString(), "")).SequenceEqual(
                theirs.Select(l => $"{l}{string.Join(",", l.OutputShape)}".Replace(l.OutputShape.ToString(), ""))))
            throw new Exception("The layers differ.");
        library.load_state_dict(model.state_dict());
        var images = mnist.Test.Take(8).ToTensor();
        if (!library.call(images).allclose(model.call(images), 1e-5, 1e-6) || !library.Reconstruct(images).allclose(model.Decode(model.Encode(images)), 1e-5, 1e-6))
            throw new Exception("The same weights draw different images.");
        """);

    [Fact]
    public Task The_loop_of_chapter_03_is_the_one_of_the_trainer() => AssertAsync("03-train.ipynb", "double TrainOneEpoch", """
        model = new ConvAutoencoder(new ConvAutoencoderOptions { Seed = 42 });
        optimizer = optim.Adam(model.parameters(), lr: 1e-3);
        train = mnist.Train.Take(640);
        var byHand = TrainOneEpoch(1);
        var library = new ConvAutoencoder(new ConvAutoencoderOptions { Seed = 42 });
        var options = new TrainingOptions { Epochs = 1, BatchSize = 32, LearningRate = 1e-3, Schedule = Schedule.Constant, Seed = 42 };
        var trainer = Trainer.Fit(library, mnist.Train.Take(640), mnist.Test.Take(100), options).Epochs[0].TrainingLoss;
        if (Math.Abs(byHand - trainer) > 1e-5)
            throw new Exception($"The loop ends at {byHand}, the trainer at {trainer}.");
        // Both round differently, so that a pooling may now and then take the other of two equal pixels: what counts is how far apart they end for their way.
        Tensor Flat(ConvAutoencoder network) => cat(network.parameters().Select(weights => weights.flatten()).ToArray());
        var start = Flat(new ConvAutoencoder(new ConvAutoencoderOptions { Seed = 42 }));
        var apart = ((Flat(model) - Flat(library)).norm() / (Flat(library) - start).norm()).item<float>();
        if (!(apart < 3e-3))
            throw new Exception($"The weights end {apart:P3} of their way apart.");
        """);

    /// <summary>Runs a chapter up to the cell with <paramref name="definition"/>, and then a check that throws where something differs.</summary>
    private static async Task AssertAsync(string chapter, string definition, string check)
    {
        var sources = Chapters.Load(chapter).CodeCells.Select(cell => cell.Source).ToList();
        var defined = sources.FindIndex(source => source.Contains(definition, StringComparison.Ordinal));
        Assert.True(defined > 0, $"{chapter} does not define '{definition}'.");
        var bin = Path.Combine(ProjectRoot.Find(), "shared", "bin");

        var result = await Run.CellsAsync([.. sources.Take(defined + 1).Select(source => source.Replace("../shared/bin", bin)), check]);

        Assert.True(result.Ok, result.Failure?.ToString());
    }
}
