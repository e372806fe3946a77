using System.Buffers.Binary;
using System.Text;
using Autoencoders.Models;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Weights;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    private string File_ => Path.Combine(_folder, "weights.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Writes_the_documented_bytes()
    {
        Safetensors.Save(File_, new Dictionary<string, Tensor> { ["a"] = tensor(new float[] { 1, -2 }), ["b"] = tensor(new byte[] { 7 }) });

        const string header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)padded.Length), .. Encoding.ASCII.GetBytes(padded), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7];
        Assert.Equal(expected, File.ReadAllBytes(File_));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_and_shape_comes_back_equal(ScalarType type)
    {
        foreach (var shape in new long[][] { [], [0], [3], [2, 3, 4, 5] })
        {
            var original = (rand(shape) * 100).to(type);
            Safetensors.Save(File_, [new("t", original)]);
            var back = Safetensors.Load(File_)["t"];

            Assert.Equal(type, back.dtype);
            Assert.Equal(shape, back.shape);
            Assert.True(original.equal(back).all().item<bool>());
        }
    }

    [Fact]
    public void Rows_are_written_in_order_whatever_the_memory_format()
    {
        var original = rand(2, 3, 4, 5);
        Safetensors.Save(File_, [new("t", ChannelsLast.Arrange(original))]);

        Assert.True(original.equal(Safetensors.Load(File_)["t"]).all().item<bool>());
    }

    [Fact]
    public void A_model_comes_back_with_the_names_of_pytorch()
    {
        using var model = new ConvAutoencoder(new() { Seed = 1 });
        using var other = new ConvAutoencoder(new() { Seed = 2 });
        ModelWeights.Save(model, File_);

        ModelWeights.Load(other, File_);

        Assert.Contains("encoder.conv1.weight", Safetensors.Load(File_).Keys);
        var images = rand(2, 1, 28, 28);
        Assert.True(model.call(images).equal(other.call(images)).all().item<bool>());
    }

    [Fact]
    public void The_weights_of_another_model_are_refused_and_change_nothing()
    {
        using var small = new ConvAutoencoder(new() { Bottleneck = 4 });
        using var large = new ConvAutoencoder(new() { Bottleneck = 8 });
        using var plain = new ConvAutoencoder();
        ModelWeights.Save(small, File_);
        var before = large.parameters().First().clone();

        var shapes = Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(large, File_));
        var names = Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(plain, File_));

        Assert.Contains("'encoder.dense.weight' is (4, 784)", shapes.Message);
        Assert.Contains("has no '", names.Message);
        Assert.True(before.equal(large.parameters().First()).all().item<bool>());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Contains("nothing.safetensors", Assert.Throws<FileNotFoundException>(() => Safetensors.Load(Path.Combine(_folder, "nothing.safetensors"))).Message);
        Assert.Contains("no-such-weights", Assert.Throws<FileNotFoundException>(() => ModelWeights.Find("no-such-weights")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"t":1}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"t":{"dtype":"X9","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":["x"],"data_offsets":[0,8]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void Malformed_headers_are_refused(string header)
    {
        File.WriteAllBytes(File_, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[8]]);

        Assert.Contains("weights.safetensors", Assert.Throws<SafetensorsFormatException>(() => Safetensors.Load(File_)).Message);
    }

    [Fact]
    public void Every_truncation_and_2000_mutations_raise_nothing_else()
    {
        Safetensors.Save(File_, new Dictionary<string, Tensor> { ["a"] = rand(3, 2), ["b"] = arange(5) });
        var good = File.ReadAllBytes(File_);
        for (var length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(File_, good[..length]);
            Assert.Throws<SafetensorsFormatException>(() => Safetensors.Load(File_));
        }

        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var mutated = (byte[])good.Clone();
            mutated[random.Next(160)] = (byte)random.Next(256);
            File.WriteAllBytes(File_, mutated);
            using var scope = NewDisposeScope();
            try
            {
                Safetensors.Load(File_);
            }
            catch (SafetensorsFormatException)
            {
            }
        }
    }

    [Fact]
    public void A_header_longer_than_the_file_is_not_read_into_memory()
    {
        var file = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(file, long.MaxValue);
        File.WriteAllBytes(File_, file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SafetensorsFormatException>(() => Safetensors.Load(File_));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
