using System.Diagnostics;
using Autoencoders.Benchmarks;
using Autoencoders.Weights;

namespace Autoencoders.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private const int Kills = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_is_followed_to_its_end_and_stays()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder["real/deep"]);
        File.WriteAllText(_folder["real/file"], "old");
        File.CreateSymbolicLink(_folder["first"], "second");
        File.CreateSymbolicLink(_folder["second"], _folder["real/file"]);

        AtomicFile.Write(_folder["first"], "new");

        Assert.Equal("new", File.ReadAllText(_folder["real/file"]));
        Assert.Equal(("second", _folder["real/file"]), (new FileInfo(_folder["first"]).LinkTarget, new FileInfo(_folder["second"]).LinkTarget));
    }

    [Fact]
    public void A_link_without_a_target_makes_it()
    {
        SkipOnWindows();
        File.CreateSymbolicLink(_folder["link"], "made/later");

        AtomicFile.Write(_folder["link"], "new");

        Assert.Equal("new", File.ReadAllText(_folder["made/later"]));
    }

    [Fact]
    public void A_relative_link_in_a_linked_folder_begins_where_that_folder_really_is()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b/c"]);
        File.CreateSymbolicLink(_folder["b/c/link"], "../target");
        Directory.CreateSymbolicLink(_folder["a/folder"], _folder["b/c"]);

        AtomicFile.Write(_folder["a/folder/link"], "new");

        Assert.Equal("new", File.ReadAllText(_folder["b/target"]));
        Assert.False(File.Exists(_folder["a/target"]));
    }

    [Fact]
    public void Links_in_a_circle_are_said_to_be()
    {
        SkipOnWindows();
        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");

        Assert.Equal($"{_folder["a"]} was not written: its links lead in a circle.", Assert.Throws<IOException>(() => AtomicFile.Write(_folder["a"], "new")).Message);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void The_mode_of_a_file_stays_also_behind_a_link(UnixFileMode mode)
    {
        SkipOnWindows();
#pragma warning disable CA1416 // Skipped on Windows.
        AtomicFile.Write(_folder["file"], "old");
        File.SetUnixFileMode(_folder["file"], mode);
        File.CreateSymbolicLink(_folder["link"], "file");

        AtomicFile.Write(_folder["link"], "new");

        Assert.Equal((mode, "new"), (File.GetUnixFileMode(_folder["file"]), File.ReadAllText(_folder["file"])));
#pragma warning restore CA1416
    }

    [Fact]
    public void What_is_read_only_is_not_replaced()
    {
        AtomicFile.Write(_folder["file"], "protected");
        new FileInfo(_folder["file"]).IsReadOnly = true;

        Assert.Equal($"{_folder["file"]} was not written: it is read-only.", Assert.Throws<IOException>(() => AtomicFile.Write(_folder["file"], "new")).Message);
        Assert.Equal("protected", File.ReadAllText(_folder["file"]));
        new FileInfo(_folder["file"]).IsReadOnly = false;
    }

    [Fact]
    public void Text_is_UTF_8_without_a_mark()
    {
        AtomicFile.Write(_folder["file"], "ä\n");

        Assert.Equal("ä\n"u8.ToArray(), File.ReadAllBytes(_folder["file"]));
    }

    [Fact]
    public void A_name_as_long_as_the_system_allows_is_written_and_what_was_left_beside_it_goes()
    {
        var name = string.Concat(Enumerable.Repeat("ü123", 50));
        File.WriteAllText(_folder[name[..60] + ".abcdefgh.abc.tmp"], "left");

        AtomicFile.Write(_folder[name], "new");

        Assert.Equal("new", File.ReadAllText(_folder[name]));
        Assert.Equal([name], _folder.Files);
    }

    [Fact]
    public void Weights_and_results_and_checkpoints_go_through_links()
    {
        SkipOnWindows();
        File.CreateSymbolicLink(_folder["weights"], "target");

        Safetensors.Save(_folder["weights"], [new("a", TorchSharp.torch.ones(3))]);

        Assert.NotNull(new FileInfo(_folder["weights"]).LinkTarget);
        Assert.Equal(["a"], Safetensors.Load(_folder["target"]).Keys);
    }

    [Fact]
    public void Where_writing_throws_the_old_file_stays_and_nothing_lies_beside()
    {
        AtomicFile.Write(_folder["file"], "old");

        Assert.Throws<FormatException>(() => AtomicFile.Write(_folder["file"], stream =>
        {
            stream.Write("half"u8);
            throw new FormatException();
        }));

        Assert.Equal("old", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void A_failure_names_the_file_and_not_the_temporary_one()
    {
        Directory.CreateDirectory(_folder["folder/b"]);
        File.WriteAllText(_folder["in-the-way"], "");

        Assert.Equal(_folder["folder"] + " was not written: a folder has this name.", Failure(_folder["folder"], _ => { }));
        Assert.StartsWith(_folder["in-the-way/file"] + " was not written: ", Failure(_folder["in-the-way/file"], _ => { }));
        Assert.Equal($"{_folder["$1"]} was not written: No space left on device : '{_folder["$1"]}'", Failure(_folder["$1"], stream => throw new IOException($"No space left on device : '{((FileStream)stream).Name}'")));

        static string Failure(string path, Action<Stream> write) => Assert.Throws<IOException>(() => AtomicFile.Write(path, write)).Message;
    }

    [Fact]
    public void A_full_disk_costs_the_new_file_and_not_the_old()
    {
        const string full = "/dev/full";
        if (!File.Exists(full))
        {
            Assert.Skip("Needs /dev/full.");
        }

        AtomicFile.Write(_folder["file"], "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(_folder["file"], stream =>
        {
            using var disk = new FileStream(full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            disk.Write(new byte[100]);
        }));

        Assert.Equal("old", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void What_killed_writers_left_goes_at_the_next_write_and_what_others_own_stays()
    {
        string[] own = ["weights.old.tmp", "weights.abcdefgh.tmp", "weights.ABCDEFGH.abc.tmp", "weights2.abcdefgh.abc.tmp"];
        foreach (var name in (string[])["weights.abcdefgh.abc.tmp", "weights.01234522.xyz.tmp", .. own])
        {
            File.WriteAllText(_folder[name], "left");
        }

        AtomicFile.Write(_folder["weights"], "new");

        Assert.Equal([.. own.Append("weights").Order()], _folder.Files);
    }

    [Fact]
    public void A_writer_that_lives_keeps_its_temporary_file()
    {
        AtomicFile.Write(_folder["file"], slow =>
        {
            slow.Write("slow"u8);
            Assert.False(File.Exists(_folder["file"]));
            AtomicFile.Write(_folder["file"], "fast");
            Assert.Equal("fast", File.ReadAllText(_folder["file"]));
        });

        Assert.Equal("slow", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void Many_writers_of_one_file_at_once_all_succeed()
    {
        var contents = Enumerable.Range(0, 400).Select(i => $"{i}".PadLeft(10_000)).ToList();

        Parallel.ForEach(contents, new ParallelOptions { MaxDegreeOfParallelism = 8 }, content => AtomicFile.Write(_folder["file"], content));

        Assert.Contains(File.ReadAllText(_folder["file"]), contents);
        Assert.Equal(["file"], _folder.Files);
    }

    [Fact]
    public void Writers_killed_at_any_moment_leave_a_whole_file_and_one_temporary_at_most()
    {
        var (path, chance) = (_folder["weights"], new Random(29));
        for (var i = 0; i < Kills; i++)
        {
            using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Writers).Assembly.Location, Writers.WeightsCommand, path]) { RedirectStandardOutput = true })!;
            Assert.Equal("ready", process.StandardOutput.ReadLine());
            Thread.Sleep(chance.Next(20, 200));
            process.Kill();
            process.WaitForExit();
            Assert.InRange(_folder.Files.Count(name => name.EndsWith(".tmp", StringComparison.Ordinal)), 0, 1);
            if (File.Exists(path))
            {
                Safetensors.Load(path)["weights"].Dispose();
            }
        }

        AtomicFile.Write(path, "new");

        Assert.Equal(["weights"], _folder.Files);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there, and files have no mode.");
}
