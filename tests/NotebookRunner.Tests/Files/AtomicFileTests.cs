using NotebookRunner.Files;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_beside()
    {
        var file = _folder.File("a.ipynb");
        File.WriteAllText(file, "old");

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(file, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));

        Assert.Equal($"{file} was not written: No space left on device", error.Message);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void While_it_is_written_the_old_file_is_there()
    {
        var file = _folder.File("a.ipynb");
        File.WriteAllText(file, "old");

        AtomicFile.Write(file, "new", last: () => Assert.Equal("old", File.ReadAllText(file)));

        Assert.Equal("new", File.ReadAllText(file));
    }

    [Fact]
    public void Text_is_UTF_8_without_a_mark()
    {
        AtomicFile.Write(_folder.File("a.txt"), "ä\n");

        Assert.Equal("ä\n"u8.ToArray(), File.ReadAllBytes(_folder.File("a.txt")));
    }

    [Fact]
    public void Through_links_their_target_is_written()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder.File("real"));
        File.WriteAllText(_folder.File("real/a"), "old");
        Directory.CreateSymbolicLink(_folder.File("folder"), "real");
        File.CreateSymbolicLink(_folder.File("first"), "folder/a");
        File.CreateSymbolicLink(_folder.File("second"), _folder.File("first"));
        File.CreateSymbolicLink(_folder.File("dangling"), "real/b");
        File.CreateSymbolicLink(_folder.File("circle"), "circle");

        AtomicFile.Write(_folder.File("second"), "new");
        AtomicFile.Write(_folder.File("dangling"), "made");

        Assert.Equal(("new", "made"), (File.ReadAllText(_folder.File("real/a")), File.ReadAllText(_folder.File("real/b"))));
        Assert.Equal(("folder/a", "real/b"), (new FileInfo(_folder.File("first")).LinkTarget, new FileInfo(_folder.File("dangling")).LinkTarget));
        Assert.Contains("circle", Assert.Throws<IOException>(() => AtomicFile.Write(_folder.File("circle"), "new")).Message);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.UserExecute)]
    public void The_mode_is_kept(UnixFileMode mode)
    {
        SkipOnWindows();
        var file = _folder.File("a");
        File.WriteAllText(file, "old");
#pragma warning disable CA1416 // Skipped on Windows.
        File.SetUnixFileMode(file, mode);
        AtomicFile.Write(file, "new");

        Assert.Equal(mode, File.GetUnixFileMode(file));
#pragma warning restore CA1416
    }

    [Fact]
    public void What_is_read_only_is_not_replaced()
    {
        var file = _folder.File("a");
        File.WriteAllText(file, "protected");
        new FileInfo(file).IsReadOnly = true;

        Assert.Equal($"{file} was not written: it is read-only.", Assert.Throws<IOException>(() => AtomicFile.Write(file, "new")).Message);
        Assert.Equal("protected", File.ReadAllText(file));
        new FileInfo(file).IsReadOnly = false;
    }

    [Fact]
    public void A_folder_in_its_place_is_named()
    {
        Directory.CreateDirectory(_folder.File("a/b"));

        Assert.Equal($"{_folder.File("a")} was not written: a folder has this name.", Assert.Throws<IOException>(() => AtomicFile.Write(_folder.File("a"), "new")).Message);
        Assert.Contains("was not written: ", Assert.Throws<IOException>(() => AtomicFile.Write(_folder.File("missing/a"), "new")).Message);
    }

    [Fact]
    public void What_killed_writers_left_goes_and_what_others_write_stays()
    {
        var file = _folder.File("a.ipynb");
        string[] abandoned = [$"{file}.abcdefgh.ijk.tmp", $"{file}.12345678.901.tmp"];
        string[] others = [_folder.File("b.ipynb.abcdefgh.ijk.tmp"), $"{file}.mine.tmp", $"{file}.bak"];
        Array.ForEach([.. abandoned, .. others], path => File.WriteAllText(path, "x"));

        AtomicFile.Write(file, outer =>
        {
            outer.Write("first"u8);
            AtomicFile.Write(file, "second"); // Beside one that is at work.
        });

        Assert.Equal("first", File.ReadAllText(file));
        Assert.Equal([file, .. others.Order(StringComparer.Ordinal)], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).OrderBy(path => path == file ? 0 : 1));
    }

    [Fact]
    public async Task Many_writers_of_one_file_leave_one_whole_file()
    {
        var file = _folder.File("a");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (var n = 0; n < 50; n++)
            {
                AtomicFile.Write(file, new string((char)('a' + i), 10_000));
            }
        })));

        Assert.Single(File.ReadAllText(file).Distinct());
        Assert.Equal([file], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_name_as_long_as_the_system_allows_is_written()
    {
        var file = _folder.File(new string('n', 250));

        AtomicFile.Write(file, "new");

        Assert.Equal("new", File.ReadAllText(file));
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there, and files have no mode.");
}
