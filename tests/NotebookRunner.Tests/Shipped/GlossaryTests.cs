using System.Text.RegularExpressions;

namespace NotebookRunner.Tests.Shipped;

public sealed partial class GlossaryTests
{
    [Fact]
    public void Terms_are_in_order_and_each_leads_to_a_chapter()
    {
        var entries = File.ReadAllText(Path.Combine(Chapters.Folder, "glossary.md")).Split("\n## ")[1..];
        string[] terms = [.. entries.Select(entry => entry.Split('\n')[0])];

        Assert.Equal(terms.Order(StringComparer.OrdinalIgnoreCase), terms);
        Assert.All(entries, entry => Assert.Contains(Chapters.Names, chapter => entry.Contains($"]({chapter}#", StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_link_leads_to_a_heading()
    {
        var links = Link().Matches(File.ReadAllText(Path.Combine(Chapters.Folder, "glossary.md")));

        Assert.All(links, link => Assert.Contains(link.Groups[2].Value, Headings(link.Groups[1].Value)));

        // As GitHub makes anchors.
        static IEnumerable<string> Headings(string chapter) => Heading().Matches(Chapters.TextOf(chapter))
            .Select(heading => string.Concat(heading.Groups[1].Value.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or ' ')).Replace(' ', '-'));
    }

    [GeneratedRegex(@"\]\(([^)#]+)#([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
