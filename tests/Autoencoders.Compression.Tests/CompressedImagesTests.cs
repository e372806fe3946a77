using System.Security.Cryptography;
using System.Text;

namespace Autoencoders.Compression.Tests;

public sealed class CompressedImagesTests
{
    private const int Mutants = 100_000;

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1, 16)]
    [InlineData(33, 1)]
    [InlineData(33, 16)]
    [InlineData(32, 16)]
    public void A_file_holds_what_was_put_in(int count, int groupSize)
    {
        var random = new Random(count);
        var groups = Enumerable.Range(0, (count + groupSize - 1) / groupSize).Select(_ => Group(random, random.Next(40, 300))).ToList();
        var images = new CompressedImages("some-model", "12345678"u8, count, 28, 28, groupSize, groups);

        var read = CompressedImages.Parse(images.ToBytes());

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
        var images = new CompressedImages("m", "ABCDEFGH"u8, 3, 28, 27, 2, [([0b1010_0000], 3), ([0b1111_0000], 4)]);

        byte[] expected =
        [
            .. "CAE1"u8, 1, (byte)'m', .. "ABCDEFGH"u8, 3, 0, 0, 0, 28, 0, 27, 0, 2, 3, 0, 0, 0, 1, 0b0100_0000, 0b1011_1110,
        ];
        Assert.Equal([.. expected, .. SHA256.HashData(expected)[..4]], images.ToBytes());
    }

    [Fact]
    public void A_file_is_refused_for_a_stated_reason()
    {
        var file = new CompressedImages("m", "ABCDEFGH"u8, 3, 28, 28, 2, [([0b1010_0000], 3), ([0b1111_0000], 4)]).ToBytes();

        Assert.Contains("no .cae file", Refusal([]));
        Assert.Contains("no .cae file", Refusal([0x89, 0x50, 0x4e, 0x47]));
        Assert.Contains("version", Refusal([.. "CAE2"u8, .. file[4..]]));
        Assert.Contains("checksum", Refusal(file[..^1]));
        Assert.Contains("checksum", Refusal([.. file, 0]));
        Assert.Contains("checksum", Refusal("CAE1"u8.ToArray()));
        Assert.Contains("header", Refusal(WithChecksum(file[..20])));
        Assert.Contains("index", Refusal(WithChecksum([.. file[..^4], 0])));
        Assert.Contains("out of bounds", Refusal(WithChecksum(Changed(file[..^4], 17, 0xff))));
    }

    [Fact]
    public void Mutated_files_raise_nothing_but_the_own_exception_in_bounded_memory()
    {
        using var codec = TestCodec.Untrained();
        using var images = TestCodec.Digits(5).ToTensor();
        byte[][] originals = [codec.Encode(images, 2), codec.Encode(images, 1), codec.Encode(images)];
        var random = new Random(20);
        int read = 0, refused = 0;
        for (var i = 0; i < Mutants; i++)
        {
            var file = Mutant(originals[i % originals.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                // Every image takes a bit at least, so a file of so many bytes holds no more than eight times as many images.
                Assert.InRange(codec.DecodeSymbols(file).Length, 0, 8 * 196 * file.Length);
                read++;
            }
            catch (CaeFormatException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000 + 2000 * file.Length);
        }

        Assert.Equal(Mutants, read + refused);
        Assert.InRange(read, 1, Mutants / 2);
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

    private static string Refusal(byte[] file) => Assert.Throws<CaeFormatException>(() => CompressedImages.Parse(file)).Message;

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

    // Half of them get a new checksum, so that the damage is met behind it.
    private static byte[] Mutant(byte[] file, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            file = random.Next(6) switch
            {
                0 => file[..random.Next(file.Length + 1)],
                1 => [.. file, .. new byte[random.Next(1, 40)]],
                2 => RandomBytes(random, random.Next(200)),
                _ => file.Length == 0 ? file : Changed(file, random.Next(Math.Min(file.Length, random.Next(2) == 0 ? 60 : int.MaxValue)), (byte)random.Next(256)),
            };
        }

        return random.Next(2) == 0 ? file : WithChecksum(file[..Math.Max(0, file.Length - 4)]);
    }

    private static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return random.Next(2) == 0 ? bytes : [.. Encoding.ASCII.GetBytes("CAE1"), .. bytes];
    }
}
