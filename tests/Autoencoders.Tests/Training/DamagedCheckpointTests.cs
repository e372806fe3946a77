using Autoencoders.Data;
using Autoencoders.Models;
using Autoencoders.Training;
using Autoencoders.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Training;

public sealed class DamagedCheckpointTests : IDisposable
{
    private const int Flips = 300;

    private static readonly MnistDataset Sample = MnistDataset.LoadSample();
    private static readonly ImageSet Training = Sample.Train.Take(64), Validation = Sample.Test.Take(16);

    private readonly TemporaryFolder _folder = new();
    private readonly ConvAutoencoder _model = new(new() { Seed = 5 });
    private readonly byte[] _before, _good;

    public DamagedCheckpointTests()
    {
        using var trained = new ConvAutoencoder();
        Trainer.Fit(trained, Training, Validation, Options);
        (_good, _before) = (File.ReadAllBytes(Path), BytesOf(_model));
        _model.eval();
    }

    private string Path => _folder["run.checkpoint"];

    private TrainingOptions Options => new() { Epochs = 2, Checkpoint = Path, Corrupt = (images, chance) => (images + 0.3 * randn(images.shape, generator: chance)).clamp(0, 1) };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Any_flipped_bit_is_refused_before_anything_is_touched()
    {
        var chance = new Random(17);
        var state = get_rng_state().bytes.ToArray();
        for (var i = 0; i < Flips; i++)
        {
            // Half of them in the header.
            Flip((long)chance.Next(i % 2 == 0 ? 4096 : _good.Length) * 8 + chance.Next(8));
            IsRefused();
        }

        Assert.Equal(state, get_rng_state().bytes.ToArray());
    }

    [Fact]
    public void Each_bit_of_the_first_bytes_and_of_the_seal_counts()
    {
        for (var bit = 0; bit < 8 * _good.Length; bit += bit < 8 * 64 || bit >= 8 * (_good.Length - 32) ? 1 : 2003)
        {
            Flip(bit);
            Assert.Throws<SafetensorsFormatException>(() => Safetensors.LoadSealed(Path));
        }
    }

    [Fact]
    public void Any_end_that_is_cut_off_or_put_on_is_refused()
    {
        foreach (var length in Enumerable.Range(1, 60).Select(i => i * _good.Length / 61))
        {
            File.WriteAllBytes(Path, _good[..length]);
            IsRefused();
        }

        File.WriteAllBytes(Path, [.. _good, 0]);
        IsRefused();
    }

    [Theory]
    [InlineData("chance", 12)]
    [InlineData("chance", 16)]
    [InlineData("global_chance", 8)]
    public void A_generator_that_libtorch_ends_the_process_over_is_refused_also_under_a_right_seal(string name, int position) =>
        IsRefused(Changed(content => content[name].bytes[position] ^= 1));

    [Theory]
    [InlineData("identity")]
    [InlineData("place")]
    [InlineData("epochs")]
    [InlineData("chance")]
    [InlineData("run.mean")]
    [InlineData("model.encoder.conv1.weight")]
    public void What_is_missing_or_has_another_shape_or_type_is_refused(string name)
    {
        IsRefused(Changed(content => content.Remove(name)));
        IsRefused(Changed(content => content[name] = zeros(3, 3, 3)));
        IsRefused(Changed(content => content[name] = zeros(0, dtype: content[name].dtype)));
        IsRefused(Changed(content => content[name] = content[name].to(ScalarType.Float16)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(0, -1)]
    [InlineData(0, long.MaxValue)]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 3)]
    [InlineData(1, 1L << 32)]
    [InlineData(2, -1)]
    [InlineData(3, 0)]
    [InlineData(3, 1L << 32)]
    public void A_place_that_no_run_comes_to_is_refused(int index, long value) =>
        IsRefused(Changed(content => content["place"][index] = value));

    [Fact]
    public void Another_file_is_called_what_it_is()
    {
        File.WriteAllText(Path, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 48832\n");
        Assert.Contains("git lfs pull", IsRefused().Message);

        ModelWeights.Save(_model, Path);
        Assert.Contains("sha256", IsRefused().Message);
    }

    [Fact]
    public void Weights_are_not_loaded_from_a_checkpoint() =>
        Assert.Contains("the checkpoint of a training", Assert.Throws<SafetensorsFormatException>(() => ModelWeights.Load(_model, Path)).Message);

    [Fact]
    public void A_batch_of_nan_in_epoch_2_leaves_the_checkpoint_of_epoch_1_from_which_the_run_comes_to_its_end()
    {
        File.Delete(Path);
        var (spoilt, clean) = (false, Options.Corrupt!);
        var options = Options with { CheckpointEvery = TimeSpan.Zero, Corrupt = (images, chance) => clean(images, chance) * (spoilt ? double.NaN : 1) };
        using var model = new ConvAutoencoder();

        var error = Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, Training, Validation, options, new Reporter(() => spoilt = true)));

        Assert.Contains("corruption", error.Message);
        Assert.DoesNotContain("learning rate", error.Message);
        spoilt = false;
        using var whole = new ConvAutoencoder();
        Trainer.Fit(whole, Training, Validation, options with { Checkpoint = null });
        var history = Trainer.Fit(model, Training, Validation, options);
        Assert.Equal(2, history.Epochs.Count);
        Assert.Equal(BytesOf(whole), BytesOf(model));
    }

    [Fact]
    public void A_model_that_becomes_nan_is_never_kept()
    {
        File.Delete(Path);
        using var model = new Spoilable();
        var options = Options with { Epochs = 3, CheckpointEvery = TimeSpan.Zero, ShardSize = 0 };

        Assert.Throws<InvalidOperationException>(() => Trainer.Fit(model, Training, Validation, options, new Reporter(() => model.Spoilt = true)));

        model.Spoilt = false;
        Assert.Equal(3, Trainer.Fit(model, Training, Validation, options).Epochs.Count);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.isfinite().all().ToBoolean()));
    }

    [Fact]
    public void Where_no_checkpoint_can_be_written_training_goes_on()
    {
        var folder = Directory.CreateDirectory(_folder["in-the-way"]).FullName;
        using var model = new ConvAutoencoder();

        var history = Trainer.Fit(model, Training, Validation, new() { Epochs = 2, Checkpoint = folder });

        Assert.Equal(2, history.Epochs.Count);
    }

    private void Flip(long bit)
    {
        var bytes = (byte[])_good.Clone();
        bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        File.WriteAllBytes(Path, bytes);
    }

    // Sealed as the trainer does it.
    private object? Changed(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        File.WriteAllBytes(Path, _good);
        var content = Safetensors.LoadSealed(Path);
        change(content);
        Safetensors.SaveSealed(Path, content);
        return null;
    }

    private SafetensorsFormatException IsRefused(object? _ = null)
    {
        var file = File.ReadAllBytes(Path);

        var error = Assert.Throws<SafetensorsFormatException>(() => Trainer.Fit(_model, Training, Validation, Options));

        Assert.Contains(Path, error.Message);
        Assert.Equal(_before, BytesOf(_model));
        Assert.False(_model.training);
        Assert.Equal(file, File.ReadAllBytes(Path));
        return error;
    }

    private sealed class Reporter(Action atTheEndOfAnEpoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Completed is not null)
            {
                atTheEndOfAnEpoch();
            }
        }
    }

    private sealed class Spoilable : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d _layer = nn.Conv2d(1, 1, 3, padding: 1);

        public Spoilable()
            : base(nameof(Spoilable)) => register_module("layer", _layer);

        public bool Spoilt { get; set; }

        public override Tensor forward(Tensor input) => _layer.call(input) * (Spoilt && training ? double.NaN : 1);
    }
}
