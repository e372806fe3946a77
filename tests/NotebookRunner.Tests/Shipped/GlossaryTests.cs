namespace NotebookRunner.Tests.Shipped;

public sealed class GlossaryTests
{
    [Fact]
    public void Terms_are_in_order_and_each_leads_to_a_chapter()
    {
        var entries = File.ReadAllText(Path.Combine(Chapters.Folder, "glossary.md")).Split("\n## ")[1..];
        string[] terms = [.. entries.Select(entry => entry.Split('\n')[0])];

        Assert.Equal(terms.Order(StringComparer.OrdinalIgnoreCase), terms);
        Assert.All(entries, entry => Assert.Contains(Chapters.Names, chapter => entry.Contains($"]({chapter}#", StringComparison.Ordinal)));
    }
}
