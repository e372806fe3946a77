namespace Autoencoders.Tests;

/// <summary>An empty folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("autoencoders-");

    public string Root => _folder.FullName;

    public IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name).Order();

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
