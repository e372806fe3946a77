using System.Text.RegularExpressions;
using NotebookRunner.Series;

namespace NotebookRunner.Tests.Shipped;

/// <summary>Links and pictures lead to files that are there.</summary>
public sealed partial class LinksTests
{
    private static readonly string[] Pages = ["README.md", "notebooks/README.md", "notebooks/glossary.md", "shared/Autoencoders/Training/README.md", "data/mnist-sample/README.md", "data/models/README.md", "docs/pytorch.md", "docs/more-than-one-machine.md"];

    public static TheoryData<string> Names => [.. Pages, .. Chapters.All.Select(name => $"notebooks/{name}")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_relative_link_leads_to_a_file(string page)
    {
        var path = Path.Combine(ProjectRoot.Find(), page);
        var text = page.EndsWith(".ipynb", StringComparison.Ordinal) ? Chapters.TextOf(page["notebooks/".Length..]) : File.ReadAllText(path);

        var missing = Target().Matches(text).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains(':') && !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)));

        Assert.Empty(missing);
    }

    // [text](target), with or without an anchor, and <img src="target">.
    [GeneratedRegex("""(?:\]\(|src=")([^)"#\s]+)[^)"]*[)"]""")]
    private static partial Regex Target();
}
