namespace NotebookRunner.Tests.Shipped;

/// <summary>Every exercise of every chapter is solved, and the reader finds the way there and back.</summary>
public sealed class SolutionsTests
{
    public static TheoryData<string> Names => [.. Chapters.Names];

    public static TheoryData<string> SolutionNames => [.. Chapters.Solutions];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_exercise_is_repeated_and_solved(string chapter)
    {
        var exercises = Chapters.ExercisesOf(chapter);
        var cells = Chapters.Load($"solutions/{chapter}").Cells.ToList();

        Assert.NotEmpty(exercises);
        Assert.All(exercises, exercise =>
        {
            var question = cells.FindIndex(cell => cell.IsMarkdown && cell.Source.Contains(exercise, StringComparison.Ordinal));
            Assert.True(question >= 0, $"solutions/{chapter} does not repeat: {exercise}");
            Assert.Contains(cells.Skip(question + 1).TakeWhile(cell => !IsQuestion(cell.Source)), cell => cell.IsCode);
        });

        bool IsQuestion(string source) => exercises.Any(exercise => source.Contains(exercise, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Chapter_and_solutions_link_to_each_other(string chapter)
    {
        Assert.Contains($"](solutions/{chapter})", Chapters.TextOf(chapter));
        Assert.Contains($"](../{chapter})", Chapters.TextOf($"solutions/{chapter}"));
    }

    [Fact]
    public void Solutions_belong_to_a_chapter() => Assert.Equal(Chapters.Names.Select(name => $"solutions/{name}"), Chapters.Solutions);

    [Theory]
    [MemberData(nameof(SolutionNames))]
    public void Solutions_write_nothing_that_a_chapter_reads(string name) =>
        Assert.All(Chapters.Load(name).CodeCells, cell => Assert.All(
            new[] { "ModelWeights.Save", "Results.Record", "ProjectFolder.Artifacts", "File.Write" },
            call => Assert.DoesNotContain(call, cell.Source)));
}
