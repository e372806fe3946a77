using System.Security.Cryptography;

namespace Autoencoders.Compression.Tests.Lossless;

public sealed class LosslessFileTests
{
    private static readonly byte[] Fingerprint = [.. "ABCDEFGH"u8];

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        byte[] expected =
        [
            .. "CAL1"u8, 1, (byte)'m', .. "ABCDEFGH"u8, 3, 0, 0, 0, 28, 0, 28, 0, 2, 0, 0, 0, 4, 0, 0, 0, 0, 0b1000_0000, 0b1011_1110,
        ];

        Assert.Equal([.. expected, .. SHA256.HashData(expected)[..4]], Small());
    }

    [Fact]
    public void A_file_holds_what_was_put_in()
    {
        var file = LosslessFile.Parse(Small());

        Assert.Equal(("m", 3, 2, 2), (file.Model, file.Count, file.GroupSize, file.Groups));
        Assert.Equal((2, 1, 0, 3, 7), (file.ImagesIn(0), file.ImagesIn(1), file.GroupStart(0), file.GroupStart(1), file.GroupStart(2)));
        Assert.Equal(Fingerprint, file.Fingerprint);
        Assert.Contains("whole number of bytes", Assert.Throws<CaeFormatException>(() => file.StackOf(0)).Message);
    }

    [Fact]
    public void A_file_is_refused_for_a_stated_reason()
    {
        var file = Small();

        Assert.Contains("no .cal file", Refusal([]));
        Assert.Contains("no .cal file", Refusal([.. "CAE2"u8, .. file[4..]]));
        Assert.Contains("update the program", Refusal([.. "CAL2"u8, .. file[4..]]));
        Assert.Contains("checksum", Refusal(file[..^1]));
        Assert.Contains("checksum", Refusal([.. file, 0]));
        Assert.Contains("header", Refusal(WithChecksum(file[..20])));
        Assert.Contains("index", Refusal(WithChecksum([.. file[..^4], 0])));
        foreach (var (position, value) in ((int, byte)[])[(5, 0x20), (17, 0xff), (18, 29), (20, 27), (22, 0), (25, 1)])
        {
            var changed = file[..^4];
            changed[position] = value;
            Assert.Contains("out of bounds", Refusal(WithChecksum(changed)));
        }
    }

    [Fact]
    public void A_group_that_is_no_stack_is_refused()
    {
        var file = LosslessFile.Parse(LosslessFile.ToBytes("m", Fingerprint, 1, 1, [(new byte[8], 64)]));

        Assert.Contains("no stack", Assert.Throws<CaeFormatException>(() => file.StackOf(0)).Message);
    }

    private static byte[] Small() => LosslessFile.ToBytes("m", Fingerprint, 3, 2, [([0b1010_0000], 3), ([0b1111_0000], 4)]);

    private static string Refusal(byte[] file) => Assert.Throws<CaeFormatException>(() => LosslessFile.Parse(file)).Message;

    private static byte[] WithChecksum(byte[] content) => [.. content, .. SHA256.HashData(content)[..4]];
}
