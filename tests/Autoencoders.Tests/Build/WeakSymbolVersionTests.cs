using System.Buffers.Binary;
using System.Text;

namespace Autoencoders.Tests.Build;

public sealed class WeakSymbolVersionTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void Marks_only_the_need_for_the_named_version()
    {
        var elf = ElfThatNeeds("GLIBCXX_3.4", Version, "CXXABI_1.3");
        var before = (byte[])elf.Clone();

        Assert.Equal(1, WeakSymbolVersion.Mark(elf, Version));

        var changed = Enumerable.Range(0, elf.Length).Where(i => elf[i] != before[i]).ToList();
        Assert.Equal(2, elf[Assert.Single(changed)]);
        Assert.Equal([false, true, false], WeakFlags(elf, 3));
    }

    [Fact]
    public void Leaves_a_library_alone_that_does_not_need_it_or_was_treated_before()
    {
        var other = ElfThatNeeds("GLIBCXX_3.4.30");
        var treated = ElfThatNeeds(Version);
        WeakSymbolVersion.Mark(treated, Version);

        Assert.Equal(0, WeakSymbolVersion.Mark(other, Version));
        Assert.Equal(0, WeakSymbolVersion.Mark(treated, Version));
    }

    [Fact]
    public void Refuses_what_is_no_elf_file_or_ends_too_early()
    {
        var elf = ElfThatNeeds(Version);

        Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Mark(Encoding.ASCII.GetBytes("MZ, no ELF file, and long enough to hold a header of one, though"), Version));
        // Of the last section header only the first half is read.
        for (var length = 0; length < elf.Length - 0x20; length++)
        {
            Assert.Throws<InvalidDataException>(() => WeakSymbolVersion.Mark(elf[..length], Version));
        }
    }

    [Fact]
    public void The_built_library_loads_here()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only on Linux is the library treated.");
        }

        var built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));
        var provided = SystemLibrary.Has("libstdc++.so.6", "_ZSt21ios_base_library_initv", Version);

        Assert.Equal(provided ? 1 : 0, WeakSymbolVersion.Mark(built, Version));
        Assert.True(TorchSharp.torch.get_num_threads() > 0);
    }

    [Fact]
    public void Knows_what_the_system_library_offers()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Asks glibc.");
        }

        Assert.True(SystemLibrary.Has("libstdc++.so.6", "_ZNSt8ios_base4InitC1Ev", "GLIBCXX_3.4"));
        Assert.False(SystemLibrary.Has("libstdc++.so.6", "_ZNSt8ios_base4InitC1Ev", "GLIBCXX_99"));
        Assert.False(SystemLibrary.Has("libno-such-library.so.1", "x", "y"));
    }

    // A header, the names, one file's needs, and three section headers: nothing, the needs, the names.
    private static byte[] ElfThatNeeds(params string[] versions)
    {
        var names = Encoding.ASCII.GetBytes("\0" + string.Concat(versions.Select(v => v + "\0")));
        int namesAt = 64, needAt = namesAt + names.Length, sectionsAt = needAt + 16 + 16 * versions.Length;
        var elf = new byte[sectionsAt + 3 * 64];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(elf, 0);
        names.CopyTo(elf, namesAt);
        Put64(elf, 0x28, sectionsAt);
        Put16(elf, 0x3a, 64);
        Put16(elf, 0x3c, 3);
        Put16(elf, needAt + 2, versions.Length);
        Put32(elf, needAt + 8, 16);
        var nameAt = 1;
        for (var i = 0; i < versions.Length; i++)
        {
            var entry = needAt + 16 + 16 * i;
            Put32(elf, entry + 8, nameAt);
            Put32(elf, entry + 12, i == versions.Length - 1 ? 0 : 16);
            nameAt += versions[i].Length + 1;
        }

        Put32(elf, sectionsAt + 64 + 4, 0x6ffffffe);
        Put64(elf, sectionsAt + 64 + 0x18, needAt);
        Put32(elf, sectionsAt + 64 + 0x28, 2);
        Put64(elf, sectionsAt + 128 + 0x18, namesAt);
        return elf;
    }

    private static bool[] WeakFlags(byte[] elf, int versions)
    {
        var needAt = (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan((int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(0x28)) + 64 + 0x18));
        return [.. Enumerable.Range(0, versions).Select(i => elf[needAt + 16 + 16 * i + 4] == 2)];
    }

    private static void Put16(byte[] elf, int at, int value) => BinaryPrimitives.WriteUInt16LittleEndian(elf.AsSpan(at), (ushort)value);

    private static void Put32(byte[] elf, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(elf.AsSpan(at), value);

    private static void Put64(byte[] elf, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(elf.AsSpan(at), value);
}
