using Autoencoders.Models;
using Autoencoders.Weights;
using CsCheck;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Weights;

/// <summary>What the writer of safetensors accepts its reader can read, and the rest is refused before a file is touched.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
        ScalarType.ComplexFloat32, ScalarType.ComplexFloat64,
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Path => _folder["weights.safetensors"];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_written_comes_back_and_what_is_refused_touches_nothing()
    {
        var name = Gen.OneOf(Gen.String, Gen.OneOf("", "a", "b", "__metadata__", "sha256", "\ud83d", "\ud83d\ude00", "\0", "\"", "a.b"));
        var shape = Gen.OneOf(Gen.Long[0, 4].Array[0, 5], Gen.OneOf(0L, 1, 1L << 40, 1L << 62).Array[1, 3].Select(lengths => (long[])[0, .. lengths]));
        var (written, refused) = (0, 0);
        Gen.Select(name, shape, Gen.Int[0, Types.Length - 1]).Array[0, 6].Sample(
            specifications =>
            {
                using var scope = NewDisposeScope();
                var tensors = specifications.Select(s => KeyValuePair.Create(s.Item1, Make(s.Item2, Types[s.Item3]))).ToList();
                File.WriteAllText(Path, "old");
                try
                {
                    Safetensors.Save(Path, tensors);
                }
                catch (Exception e) when (e is ArgumentException or NotSupportedException)
                {
                    refused++;
                    Assert.Equal("old", File.ReadAllText(Path));
                    return;
                }

                written++;
                var back = Safetensors.Load(Path);
                Assert.Equal(tensors.Count, back.Count);
                Assert.All(tensors, tensor => Assert.True(IsSame(tensor.Value, back[tensor.Key])));
            },
            iter: 300,
            threads: 1);

        Assert.InRange(written, 50, 250);
        Assert.InRange(refused, 50, 250);
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Safetensors.Save(Path, [new("a", ones(1)), new("a", ones(1))]));

        Assert.Contains("Two tensors are called 'a'", error.Message);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void The_name_that_the_format_keeps_for_itself_is_refused()
    {
        Assert.Contains("__metadata__", Assert.Throws<ArgumentException>(() => Safetensors.Save(Path, [new("__metadata__", ones(1))])).Message);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void A_header_that_no_reader_takes_is_refused()
    {
        Assert.Contains("at most", Assert.Throws<ArgumentException>(() => Safetensors.Save(Path, [new(new string('a', 17 << 20), ones(1))])).Message);
    }

    [Fact]
    public void Sparse_tensors_and_those_without_numbers_are_refused_by_name()
    {
        var sparse = sparse_coo_tensor(tensor(new long[] { 0, 1 }).reshape(1, 2), ones(2), [4]);

        Assert.Contains("'s': a sparse tensor", Assert.Throws<NotSupportedException>(() => Safetensors.Save(Path, [new("s", sparse)])).Message);
        Assert.Contains("'m': a tensor on the device meta", Assert.Throws<NotSupportedException>(() => Safetensors.Save(Path, [new("m", ones(2, device: META))])).Message);
    }

    [Fact]
    public void Empty_tensors_may_stand_in_any_order()
    {
        const string header = """{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"c":{"dtype":"U8","shape":[2,0],"data_offsets":[4,4]}}""";
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3f]);

        var tensors = Safetensors.Load(Path);

        Assert.Equal(1, tensors["b"].item<float>());
        Assert.Equal([0], tensors["a"].shape);
        Assert.Equal([2, 0], tensors["c"].shape);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_neither_saved_nor_loaded()
    {
        using var model = new ConvAutoencoder();
        ModelWeights.Save(model, Path);
        var good = File.ReadAllBytes(Path);
        using (no_grad())
        {
            model.get_parameter("encoder.conv2.bias")!.fill_(float.NaN);
        }

        Assert.Contains("'encoder.conv2.bias'", Assert.Throws<InvalidOperationException>(() => ModelWeights.Save(model, Path)).Message);
        Assert.Equal(good, File.ReadAllBytes(Path));

        Safetensors.Save(Path, model.state_dict());
        using var other = new ConvAutoencoder();
        Assert.Contains("not finite", Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(other, Path)).Message);
        Assert.True(other.get_parameter("encoder.conv2.bias")!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Weights_of_whole_numbers_are_refused()
    {
        using var model = nn.Linear(2, 1);
        Safetensors.Save(Path, [new("weight", ones(1, 2)), new("bias", ones(1, dtype: ScalarType.Int64))]);

        Assert.Contains("'bias' is (1) of Int64", Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(model, Path)).Message);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 48832\n", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html><body>Not found</body></html>", "HTML page")]
    [InlineData("PK\u0003\u0004 and the rest of an archive", "zip archive")]
    [InlineData("\u001f\u008b\u0008 and the rest of a gzip file", "gzip file")]
    [InlineData("{\"cells\": [], \"nbformat\": 4}", "JSON file")]
    public void Another_kind_of_file_is_called_what_it_is(string content, string kind)
    {
        File.WriteAllBytes(Path, System.Text.Encoding.Latin1.GetBytes(content));
        using var model = nn.Linear(2, 1);

        var error = Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(model, Path));

        Assert.Contains(kind, error.Message);
        Assert.Contains(Path, error.Message);
    }

    [Fact]
    public void A_codec_is_called_one()
    {
        using var model = new ConvAutoencoder();

        var error = Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(model, System.IO.Path.Combine(ProjectFolder.Data, "models", "cae-25.safetensors")));

        Assert.Contains("an image codec, not weights", error.Message);
    }

    private static Tensor Make(long[] shape, ScalarType type)
    {
        try
        {
            return zeros(shape, dtype: ScalarType.Float32).add(1.5f).to(type);
        }
        catch (System.Runtime.InteropServices.ExternalException)
        {
            // No such tensor can be.
            return zeros(0, dtype: type);
        }
    }

    private static bool IsSame(Tensor one, Tensor other) =>
        one.dtype == other.dtype && one.shape.SequenceEqual(other.shape) && one.contiguous().bytes.SequenceEqual(other.bytes);
}
