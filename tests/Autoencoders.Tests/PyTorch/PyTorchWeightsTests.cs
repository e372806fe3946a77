using System.Text.RegularExpressions;
using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.PyTorch;

/// <summary>Weights go to PyTorch and come back, as <c>docs/pytorch.md</c> says.</summary>
public sealed partial class PyTorchWeightsTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ImageSet _digits = MnistDataset.LoadSample().Test.Take(100);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_snippets_of_the_page_reconstruct_the_same_images_and_bring_the_weights_back()
    {
        using var model = Chapter03();
        ModelWeights.Save(model, _folder["artifacts/conv-autoencoder.safetensors"]);
        WriteDigits("data/mnist-sample/images-idx3-ubyte.gz");

        Python.Run(_folder.Root, "-c", $"{PageWithoutPackages()}\nsave('reconstructions.safetensors', {{'images': reconstructions}})");

        AssertClose(model.Reconstruct(_digits.ToTensor()), Reconstructions());
        using var back = new ConvAutoencoder(new() { Seed = 7 });
        ModelWeights.Load(back, _folder["artifacts/from-pytorch.safetensors"]);
        Assert.All(model.state_dict(), weight => Assert.True(weight.Value.equal(back.state_dict()[weight.Key]).all().item<bool>(), weight.Key));
    }

    [Theory]
    [InlineData("float32", ScalarType.Float32)]
    [InlineData("float16", ScalarType.Float16)]
    [InlineData("bfloat16", ScalarType.BFloat16)]
    public void Strided_and_half_precision_weights_come_from_PyTorch(string type, ScalarType stored)
    {
        using var model = Chapter03();
        ModelWeights.Save(model, _folder["start.safetensors"]);
        WriteDigits("digits.idx");

        Python.Run(_folder.Root, "-c", $"""
            import torch
            from autoencoder import images, load, network, save

            model = network()
            model.load_state_dict(load("start.safetensors"))
            model.to(dtype=torch.{type}, memory_format=torch.channels_last)
            assert not model.encoder.conv2.weight.is_contiguous()
            save("back.safetensors", model.state_dict())
            with torch.no_grad():
                save("reconstructions.safetensors", dict(images=model.float()(images("digits.idx").float() / 255).sigmoid()))
            """);

        using var back = new ConvAutoencoder(new() { Seed = 7 });
        ModelWeights.Load(back, _folder["back.safetensors"]);
        Assert.All(Safetensors.Load(_folder["back.safetensors"]), weight => Assert.Equal(stored, weight.Value.dtype));
        Assert.All(back.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        AssertClose(Reconstructions(), back.Reconstruct(_digits.ToTensor()));
    }

    [Fact]
    public void Half_precision_files_of_ours_are_read_by_PyTorch()
    {
        var (half, brief) = (randn(3, 4).to(float16), randn(5).to(bfloat16));
        Safetensors.Save(_folder["ours.safetensors"], new Dictionary<string, Tensor> { ["half"] = half, ["brief"] = brief });

        Python.Run(_folder.Root, "-c", """
            from autoencoder import load, save

            save("floats.safetensors", {name: tensor.float() for name, tensor in load("ours.safetensors").items()})
            """);

        var floats = Safetensors.Load(_folder["floats.safetensors"]);
        Assert.True(half.to(float32).equal(floats["half"]).all().item<bool>());
        Assert.True(brief.to(float32).equal(floats["brief"]).all().item<bool>());
    }

    private static ConvAutoencoder Chapter03()
    {
        var model = new ConvAutoencoder();
        ModelWeights.Load(model, Path.Combine(ProjectFolder.Data, "models", "conv-autoencoder.safetensors"));
        return model;
    }

    /// <summary>All Python of the page as one program, but for the lines that need a package that Debian lacks.</summary>
    private static string PageWithoutPackages()
    {
        var blocks = PythonBlock().Matches(File.ReadAllText(Path.Combine(Python.Docs, "pytorch.md"))).Select(match => match.Groups[1].Value);
        return string.Concat(blocks.Where(block => !block.Contains("from safetensors", StringComparison.Ordinal)));
    }

    [GeneratedRegex("^```python\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PythonBlock();

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, Tolerance);
    }

    private Tensor Reconstructions() => Safetensors.Load(_folder["reconstructions.safetensors"])["images"];

    private void WriteDigits(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        IdxFile.Write(_folder[name], new IdxArray([_digits.Count, 28, 28], _digits.Pixels));
    }
}
