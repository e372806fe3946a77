using System.Security.Cryptography;
using System.Text;

namespace Autoencoders.Compression.Tests;

public sealed class CompressedImagesTests
{
    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(33, 1)]
    [InlineData(33, 16)]
    [InlineData(32, 16)]
    [InlineData(33, 300)]
    public void A_file_holds_what_was_put_in(int count, int groupSize)
    {
        var format = groupSize <= byte.MaxValue ? CompressedFormat.Cae : CompressedFormat.Cal;
        var random = new Random(count);
        var groups = Enumerable.Range(0, (count + groupSize - 1) / groupSize).Select(_ => Group(random, random.Next(40, 300))).ToList();
        var images = new CompressedImages(format, "some-model", "12345678"u8, count, 28, 28, groupSize, groups);

        var read = CompressedImages.Parse(images.ToBytes(), format);

        Assert.Equal(("some-model", count, 28, 28, groupSize), (read.Model, read.Count, read.Height, read.Width, read.GroupSize));
        Assert.Equal("12345678"u8, read.Fingerprint);
        Assert.Equal(images.Codewords, read.Codewords);
        Assert.Equal(groups.Sum(g => g.Bits), read.GroupStart(read.Groups));
        Assert.Equal(count, Enumerable.Range(0, read.Groups).Sum(read.ImagesIn));
        foreach (var (group, i) in groups.Select((group, i) => (group, i)))
        {
            for (var bit = 0; bit < group.Bits; bit++)
            {
                Assert.Equal(BitReader.Read(group.Codewords, bit, 1), BitReader.Read(read.Codewords, read.GroupStart(i) + bit, 1));
            }
        }
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        byte[] before = [1, (byte)'m', .. "ABCDEFGH"u8, 3, 0, 0, 0, 28, 0, 27, 0], behind = [4, 0, 0, 0, 0, 0b1000_0000, 0b1011_1110];

        Assert.Equal(WithChecksum([.. "CAE2"u8, .. before, 2, .. behind]), Small(CompressedFormat.Cae));
        Assert.Equal(WithChecksum([.. "CAL1"u8, .. before, 2, 0, 0, 0, .. behind]), Small(CompressedFormat.Cal));
        Assert.Equal(Small(CompressedFormat.Cae), new CompressedImages("m", "ABCDEFGH"u8, 3, 28, 27, 2, [([0b1010_0000], 3), ([0b1111_0000], 4)]).ToBytes());
    }

    [Theory]
    [InlineData("cae", "CAL1", "CAE3")]
    [InlineData("cal", "CAE2", "CAL2")]
    public void A_file_is_refused_for_a_stated_reason(string name, string other, string later)
    {
        var format = name == "cae" ? CompressedFormat.Cae : CompressedFormat.Cal;
        var file = Small(format);

        Assert.Contains($"no .{name} file", Refusal([], format));
        Assert.Contains($"no .{name} file", Refusal([0x89, 0x50, 0x4e, 0x47], format));
        Assert.Contains($"no .{name} file", Refusal([.. Encoding.ASCII.GetBytes(other), .. file[4..]], format));
        Assert.Contains("update the program", Refusal([.. Encoding.ASCII.GetBytes(later), .. file[4..]], format));
        Assert.Contains("checksum", Refusal(file[..^1], format));
        Assert.Contains("checksum", Refusal([.. file, 0], format));
        Assert.Contains("checksum", Refusal(file[..4], format));
        Assert.Contains("header", Refusal(WithChecksum(file[..20]), format));
        Assert.Contains("index", Refusal(WithChecksum([.. file[..^4], 0]), format));
        foreach (var (position, value) in ((int, byte)[])[(5, 0x20), (17, 0xff), (18, 0), (20, 0), (22, 0), .. name == "cal" ? [(25, 1)] : ((int, byte)[])[]])
        {
            Assert.Contains("out of bounds", Refusal(WithChecksum(Changed(file[..^4], position, value)), format));
        }
    }

    [Fact]
    public void A_file_of_version_1_is_said_to_be() => Assert.Contains("encode the images anew", Refusal([.. "CAE1"u8, .. Small(CompressedFormat.Cae)[4..]], CompressedFormat.Cae));

    [Fact]
    public void A_group_that_is_no_stack_is_refused()
    {
        var file = CompressedImages.Parse(Small(CompressedFormat.Cal), CompressedFormat.Cal);
        Assert.Contains("whole number of bytes", Assert.Throws<CaeFormatException>(() => file.StackOf(0)).Message);

        file = new CompressedImages(CompressedFormat.Cal, "m", "ABCDEFGH"u8, 1, 28, 28, 1, [(new byte[8], 64)]);
        Assert.Contains("no stack", Assert.Throws<CaeFormatException>(() => file.StackOf(0)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    public void The_index_holds_any_lengths(int spread)
    {
        var random = new Random(spread);
        foreach (var count in (int[])[0, 1, 2, 1000])
        {
            long[] lengths = [.. Enumerable.Range(0, count).Select(i => i == 7 ? 1 : 1_000_000L + random.Next(spread))];
            byte[] bytes = [.. GroupIndex.ToBytes(lengths), .. new byte[1_000_000]];
            ReadOnlySpan<byte> rest = bytes;

            var starts = GroupIndex.ReadStarts(ref rest, count);

            Assert.Equal(lengths, starts.Zip(starts.Skip(1), (start, next) => next - start));
            Assert.Equal(1_000_000, rest.Length);
        }
    }

    [Fact]
    public void An_index_that_is_none_is_refused()
    {
        foreach (var bytes in (byte[][])[[], [1, 2, 3, 4], [9, 0, 0, 0, 32, 0], [9, 0, 0, 0, 31, 0xff, 0xff, 0xff, 0xff, 0xff], [9, 0, 0, 0, 0, 0xff, 0xff], [0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 0, 0]])
        {
            Assert.Throws<CaeFormatException>(() =>
            {
                ReadOnlySpan<byte> rest = bytes;
                GroupIndex.ReadStarts(ref rest, 1);
            });
        }
    }

    [Fact]
    public void A_file_of_another_model_is_refused_by_name()
    {
        using var images = TestCodec.Digits(2).ToTensor();
        using var one = TestCodec.Untrained("model-one");
        using var other = TestCodec.Untrained("model-two");
        using var retrained = TestCodec.Untrained("model-one", seed: 7);
        var file = one.Encode(images);

        var exception = Assert.Throws<CaeFormatException>(() => other.DecodeSymbols(file));
        Assert.Contains("model-one", exception.Message);
        Assert.Contains("model-two", exception.Message);
        Assert.Contains("another training", Assert.Throws<CaeFormatException>(() => retrained.DecodeSymbols(file)).Message);
        Assert.Contains("model-one", Assert.Throws<CaeFormatException>(() => ImageCodec.LoadFor(file)).Message);
    }

    private static byte[] Small(CompressedFormat format) => new CompressedImages(format, "m", "ABCDEFGH"u8, 3, 28, 27, 2, [([0b1010_0000], 3), ([0b1111_0000], 4)]).ToBytes();

    private static string Refusal(byte[] file, CompressedFormat format) => Assert.Throws<CaeFormatException>(() => CompressedImages.Parse(file, format)).Message;

    private static byte[] WithChecksum(byte[] content) => [.. content, .. SHA256.HashData(content)[..4]];

    private static byte[] Changed(byte[] file, int position, byte value)
    {
        var changed = (byte[])file.Clone();
        changed[position] = value;
        return changed;
    }

    private static (byte[] Codewords, long Bits) Group(Random random, int bits)
    {
        var codewords = new byte[(bits + 7) / 8];
        random.NextBytes(codewords);
        return (codewords, bits);
    }
}
