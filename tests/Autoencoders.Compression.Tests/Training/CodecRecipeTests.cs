namespace Autoencoders.Compression.Tests;

public sealed class CodecRecipeTests : IDisposable
{
    private static readonly CodecTrainingOptions Short = new() { Epochs = 1, BatchSize = 64 };

    private readonly TemporaryFolder _folder = new();
    private readonly string? _variable = Environment.GetEnvironmentVariable(ProjectFolder.ArtifactsVariable);

    public CodecRecipeTests() => Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _folder.Root);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProjectFolder.ArtifactsVariable, _variable);
        _folder.Dispose();
    }

    [Fact]
    public void There_is_a_recipe_for_every_shipped_codec_and_none_comes_before_what_it_starts_from()
    {
        Assert.Equal(ImageCodec.Qualities, CodecRecipe.Shipped.Select(recipe => recipe.Quality).Order());
        Assert.All(CodecRecipe.Shipped.Index(), recipe =>
            Assert.True(recipe.Item.StartFrom is not { } earlier || CodecRecipe.Shipped.Take(recipe.Index).Any(before => before.Quality == earlier)));
    }

    [Fact]
    public void A_recipe_trains_a_codec_and_the_next_goes_on_from_it()
    {
        var digits = TestCodec.Digits(256);
        var lines = new List<string>();
        var model = new CompressiveAutoencoderOptions { AnalysisWidth = 8, AnalysisDepth = 1, SynthesisWidth = 48, ContextRows = 2, ContextColumns = 2, ContextHidden = 16 };
        var second = new CodecRecipe(98, model, [Short], StartFrom: 99);
        Assert.Throws<FileNotFoundException>(() => second.Train(digits));

        using var wide = new CodecRecipe(99, model, [Short, Short]).Train(digits, lines.Add);
        using var narrow = (second with { NarrowEpochs = 1 }).Train(digits, lines.Add);

        Assert.Equal(("cae-99", "cae-98"), (wide.Name, narrow.Name));
        Assert.Equal(4, lines.Count);
        Assert.Equal(["cae-98-training.safetensors", "cae-99-training.safetensors"], _folder.Files);
        Assert.Equal((48L, 32L), (wide.SynthesisWeights["conv2.bias"].shape[0], narrow.SynthesisWeights["conv2.bias"].shape[0]));
    }
}
