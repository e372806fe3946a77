namespace NotebookRunner.Series;

/// <summary>Folders that one run alone writes to: another would clear its results and replace its report. The system releases them, however a run ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string FileName = ".running";

    private readonly List<FileStream> _files = [];

    /// <exception cref="UsageException">Another run writes to one of the folders.</exception>
    /// <exception cref="IOException">A folder cannot be written to.</exception>
    public FolderLock(IEnumerable<string> folders)
    {
        try
        {
            foreach (var folder in folders.Distinct())
            {
                _files.Add(Lock(folder));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static FileStream Lock(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(file))
        {
            throw new UsageException($"Another run writes to {folder}: wait for its end, or name another folder with --output.");
        }
    }
}
