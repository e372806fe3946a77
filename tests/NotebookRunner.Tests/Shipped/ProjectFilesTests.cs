using NotebookRunner.Series;

namespace NotebookRunner.Tests.Shipped;

public sealed class ProjectFilesTests
{
    [Fact]
    public void The_kernel_compiles_cells_and_nothing_else_does()
    {
        var files = Directory.EnumerateFiles(ProjectRoot.Find(), "*.csproj", SearchOption.AllDirectories).Append(Path.Combine(ProjectRoot.Find(), "Directory.Packages.props"));

        Assert.All(files, file => Assert.DoesNotContain("CodeAnalysis.CSharp.Scripting", File.ReadAllText(file)));
        Assert.Contains(files, file => File.ReadAllText(file).Contains("Include=\"Microsoft.DotNet.Interactive.CSharp\"", StringComparison.Ordinal));
    }
}
