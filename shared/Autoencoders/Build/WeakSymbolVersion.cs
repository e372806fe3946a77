// Compiled by MSBuild itself (see WeakSymbolVersion.targets), not into the library.
//
// LibTorchSharp 0.107.0 is linked against a newer libstdc++ than Debian 12, Ubuntu 22.04 or RHEL 9 have: it asks
// for the symbol version GLIBCXX_3.4.32, and the loader refuses the library. The one symbol of that version,
// _ZSt21ios_base_library_initv, is named by no relocation, so nothing would ever call it. A version need that is
// marked weak (VER_FLG_WEAK) may be missing, and the library loads.
#pragma warning disable IDE0005 // MSBuild has no implicit usings; the tests, which compile this file too, have.
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

/// <summary>Marks the need for one symbol version in an ELF64 little-endian shared library as weak.</summary>
public static class WeakSymbolVersion
{
    private const uint SectionTypeVersionNeed = 0x6ffffffe;
    private const ushort WeakFlag = 2;

    /// <summary>Sets the weak flag of every need for <paramref name="version"/> in <paramref name="elf"/>.</summary>
    /// <returns>How many needs were changed: 0 where the version is not asked for or is weak already.</returns>
    /// <exception cref="InvalidDataException">The bytes are no 64-bit little-endian ELF file, or end too early.</exception>
    /// <remarks>Layout: Linux Standard Base Core 5.0, chapter 10.7 (Symbol Versioning).</remarks>
    public static int Mark(byte[] elf, string version)
    {
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2 || elf[5] != 1)
        {
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        }

        try
        {
            var sections = checked((int)BitConverter.ToInt64(elf, 0x28));
            int sectionSize = BitConverter.ToUInt16(elf, 0x3a), sectionCount = BitConverter.ToUInt16(elf, 0x3c);
            for (var i = 0; i < sectionCount; i++)
            {
                var section = sections + i * sectionSize;
                if (BitConverter.ToUInt32(elf, section + 4) == SectionTypeVersionNeed)
                {
                    var names = sections + BitConverter.ToInt32(elf, section + 0x28) * sectionSize;
                    return MarkNeeds(elf, Offset(elf, section), Offset(elf, names), version);
                }
            }

            return 0;
        }
        catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
        {
            throw new InvalidDataException("The ELF file is truncated.", e);
        }
    }

    private static int MarkNeeds(byte[] elf, int need, int names, string version)
    {
        var changed = 0;
        while (true)
        {
            int versions = BitConverter.ToUInt16(elf, need + 2), entry = need + BitConverter.ToInt32(elf, need + 8);
            for (var i = 0; i < versions; i++)
            {
                var flags = BitConverter.ToUInt16(elf, entry + 4);
                if ((flags & WeakFlag) == 0 && NameAt(elf, names + BitConverter.ToInt32(elf, entry + 8)) == version)
                {
                    elf[entry + 4] |= (byte)WeakFlag;
                    changed++;
                }

                entry += BitConverter.ToInt32(elf, entry + 12);
            }

            var next = BitConverter.ToInt32(elf, need + 12);
            if (next == 0)
            {
                return changed;
            }

            need += next;
        }
    }

    private static int Offset(byte[] elf, int section) => checked((int)BitConverter.ToInt64(elf, section + 0x18));

    private static string NameAt(byte[] elf, int offset) =>
        Encoding.ASCII.GetString(elf, offset, Array.IndexOf(elf, (byte)0, offset) - offset);
}

/// <summary>Asks the C library of this process what a loaded shared library offers.</summary>
public static class SystemLibrary
{
    /// <summary>Whether the system's <paramref name="library"/> exports <paramref name="symbol"/> in <paramref name="version"/>.</summary>
    public static bool Has(string library, string symbol, string version)
    {
        var handle = dlopen(library, 1);
        return handle != IntPtr.Zero && dlvsym(handle, symbol, version) != IntPtr.Zero;
    }

    [DllImport("libdl.so.2")]
    private static extern IntPtr dlopen(string file, int mode);

    [DllImport("libdl.so.2")]
    private static extern IntPtr dlvsym(IntPtr handle, string symbol, string version);
}

#if !TESTING
/// <summary>The build step: treats the copy in the output folder where this system's libstdc++ needs it.</summary>
public sealed class MakeSymbolVersionWeak : Microsoft.Build.Utilities.Task
{
    /// <summary>The copy of LibTorchSharp in the output folder.</summary>
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        const string version = "GLIBCXX_3.4.32";
        if (SystemLibrary.Has("libstdc++.so.6", "_ZSt21ios_base_library_initv", version))
        {
            return true;
        }

        var elf = File.ReadAllBytes(Library);
        if (WeakSymbolVersion.Mark(elf, version) > 0)
        {
            // The output may be a hard link into the NuGet cache: replace the name, never write into the file.
            // The old time stamp keeps the next build from copying the untreated file again.
            var treated = Library + ".weak";
            File.WriteAllBytes(treated, elf);
            File.SetLastWriteTimeUtc(treated, File.GetLastWriteTimeUtc(Library));
            File.Delete(Library);
            File.Move(treated, Library);
            Log.LogMessage(Microsoft.Build.Framework.MessageImportance.High, $"{Library}: {version} made optional for this system's libstdc++.");
        }

        return true;
    }
}
#endif
