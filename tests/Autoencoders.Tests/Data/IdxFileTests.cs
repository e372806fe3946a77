using Autoencoders.Data;
using CsCheck;

namespace Autoencoders.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] TwoByThree = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_known_bytes()
    {
        var array = Read(TwoByThree);

        Assert.Equal([2, 3], array.Dimensions);
        Assert.Equal([1, 2, 3, 4, 5, 255], array.Values);
        Assert.Equal("2 x 3", array.ToString());
    }

    [Fact]
    public void Writes_known_bytes()
    {
        IdxFile.Write(_folder["a"], new IdxArray([2, 3], [1, 2, 3, 4, 5, 255]));

        Assert.Equal(TwoByThree, File.ReadAllBytes(_folder["a"]));
    }

    [Fact]
    public void A_name_ending_in_gz_is_written_as_gzip()
    {
        IdxFile.Write(_folder["a.gz"], new IdxArray([2, 3], [1, 2, 3, 4, 5, 255]));

        Assert.Equal(TwoByThree, Compression.ReadGzip(_folder["a.gz"]));
    }

    [Fact]
    public void Gzip_is_recognised_by_its_bytes_whatever_the_name()
    {
        File.WriteAllBytes(_folder["plain.gz"], TwoByThree);
        File.WriteAllBytes(_folder["compressed"], Compression.Gzip(TwoByThree));

        Assert.Equal([1, 2, 3, 4, 5, 255], IdxFile.Read(_folder["plain.gz"]).Values);
        Assert.Equal([1, 2, 3, 4, 5, 255], IdxFile.Read(_folder["compressed"]).Values);
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Int[0, 9].Array[1, 4].SelectMany(
            dimensions => Gen.Byte.Array[dimensions.Aggregate(1, (product, size) => product * size)],
            (dimensions, values) => new IdxArray(dimensions, values))
        .Sample(
            array =>
            {
                foreach (var name in new[] { "array", "array.gz" })
                {
                    IdxFile.Write(_folder[name], array);
                    var read = IdxFile.Read(_folder[name]);
                    Assert.Equal(array.Dimensions, read.Dimensions);
                    Assert.Equal(array.Values, read.Values);
                }
            },
            iter: 200, threads: 1);

    [Fact]
    public void Content_much_larger_than_its_gzip_file_is_read_whole()
    {
        var values = new byte[1_000_000];
        values[^1] = 7;
        IdxFile.Write(_folder["zeros.gz"], new IdxArray([1000, 1000], values));

        Assert.Equal(values, IdxFile.Read(_folder["zeros.gz"]).Values);
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_and_left_open()
    {
        using var inner = new MemoryStream(Compression.Gzip(TwoByThree));
        using var oneWay = new System.IO.Compression.GZipStream(new MemoryStream(Compression.Gzip(inner.ToArray())), System.IO.Compression.CompressionMode.Decompress);

        Assert.Equal([2, 3], IdxFile.Read(oneWay, "x").Dimensions);
        Assert.True(oneWay.CanRead);
    }

    [Theory]
    [InlineData("", "x is not an IDX file: it ends within the header.")]
    [InlineData("000008", "x is not an IDX file: it ends within the header.")]
    [InlineData("0000080200000001000000", "x is not an IDX file: it ends within the header.")]
    [InlineData("504B0506", "x is not an IDX file: it begins with the bytes 50 4B, and IDX begins with 00 00.")]
    [InlineData("00000D0100000000", "x has the IDX element type 0x0D; only unsigned bytes (0x08) are supported.")]
    [InlineData("00000800", "x is an IDX file without dimensions, so it holds no data.")]
    [InlineData("00000801000000030102", "x is too short: its header announces 3 bytes of data, and it holds 2.")]
    [InlineData("000008010000000301020304", "x is too long: it goes on after the 3 bytes of data that its header announces.")]
    [InlineData("00000801FFFFFFFF", "x announces more data than an array can hold: dimension 1 of 1 is 4294967295.")]
    [InlineData("000008020001000000010000", "x announces 65,536 x 65,536 bytes, more than an array can hold.")]
    [InlineData("0000080300000000FFFFFFFF00000001", "x announces more data than an array can hold: dimension 2 of 3 is 4294967295.")]
    public void A_malformed_file_gives_one_clear_sentence(string hex, string message)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal(message, Assert.Throws<IdxFormatException>(() => Read(bytes)).Message);
        Assert.Equal(message, Assert.Throws<IdxFormatException>(() => Read(Compression.Gzip(bytes))).Message);
    }

    [Fact]
    public void A_damaged_gzip_file_says_so()
    {
        var compressed = Compression.Gzip(TwoByThree);
        compressed[^5] ^= 1; // within the CRC

        var e = Assert.Throws<IdxFormatException>(() => Read(compressed));

        Assert.Equal("x is a damaged gzip file: it cannot be decompressed.", e.Message);
        Assert.IsType<InvalidDataException>(e.InnerException);
    }

    [Fact]
    public void The_message_names_the_path()
    {
        File.WriteAllBytes(_folder["broken"], [1, 2, 3, 4]);

        Assert.StartsWith(_folder["broken"] + " is not", Assert.Throws<IdxFormatException>(() => IdxFile.Read(_folder["broken"])).Message);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("absent/file")]
    public void A_missing_file_is_named(string name)
    {
        var e = Assert.Throws<FileNotFoundException>(() => IdxFile.Read(_folder[name]));

        Assert.Equal($"There is no file {_folder[name]}.", e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_header_that_announces_gigabytes_costs_no_memory(bool gzip)
    {
        byte[] header = [0, 0, 8, 2, 0, 0, 0x40, 0, 0, 1, 0xff, 0, 1, 2, 3, 4];
        var file = gzip ? Compression.Gzip(header) : header;
        Assert.Throws<IdxFormatException>(() => Read(file));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<IdxFormatException>(() => Read(file));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_gzip_file_of_much_content_takes_memory_for_it_once()
    {
        var file = Compression.Gzip([0, 0, 8, 2, 0, 0, 0x40, 0, 0, 0, 0x10, 0, .. new byte[64 << 20]]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(64 << 20, Read(file).Values.Length);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 64 << 20, 65 << 20);
    }

    [Fact]
    public void What_is_written_can_be_read_however_large_the_sizes_beside_a_zero()
    {
        IdxFile.Write(_folder["empty"], new IdxArray([int.MaxValue, int.MaxValue, 0], []));

        Assert.Equal([int.MaxValue, int.MaxValue, 0], IdxFile.Read(_folder["empty"]).Dimensions);
    }

    [Fact]
    public void A_stream_that_cannot_seek_and_never_ends_is_refused()
    {
        using var zeros = new Endless();

        Assert.Contains("save it to a file first", Assert.Throws<IdxFormatException>(() => IdxFile.Read(zeros, "x")).Message);
    }

    [Fact]
    public void An_array_whose_dimensions_do_not_fit_is_not_written()
    {
        Assert.Contains("2 x 2 do not fit the 3 values", Assert.Throws<ArgumentException>(() => Write([2, 2], 3)).Message);
        Assert.Throws<ArgumentException>(() => Write([], 1));
        Assert.Throws<ArgumentException>(() => Write([-1, -3], 3));
        Assert.Throws<ArgumentException>(() => Write([.. Enumerable.Repeat(1, 256)], 1));
        Assert.Throws<ArgumentException>(() => Write([int.MaxValue, int.MaxValue, int.MaxValue], 1));
        Assert.Empty(_folder.Files);
    }

    private void Write(int[] dimensions, int values) => IdxFile.Write(_folder["bad"], new IdxArray(dimensions, new byte[values]));

    private static IdxArray Read(byte[] file) => IdxFile.Read(new MemoryStream(file), "x");

    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}
