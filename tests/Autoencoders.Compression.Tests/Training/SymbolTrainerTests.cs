namespace Autoencoders.Compression.Tests;

public sealed class SymbolTrainerTests
{
    [Fact]
    public void A_codec_becomes_a_model_and_a_codec_again()
    {
        foreach (var quality in ImageCodec.Qualities)
        {
            using var codec = ImageCodec.Load(quality);
            using var model = codec.ToModel();
            using var again = ImageCodec.From(model, codec.Name);
            var (before, after) = (codec.Encode(TestCodec.Digits(100)), again.Encode(TestCodec.Digits(100)));

            // Of four levels or more, each was rounded for itself, and what the network adds up from two numbers comes close.
            if (codec.Context.Shape.Levels <= 3)
            {
                Assert.Equal(before, after);
            }

            Assert.InRange(after.Length, 0.99 * before.Length, 1.01 * before.Length);
        }
    }

    [Fact]
    public void Training_on_searched_symbols_makes_files_smaller_and_images_better()
    {
        var digits = TestCodec.Digits(512);
        using var codec = TestCodec.Untrained(levels: 2);
        using var trained = SymbolTrainer.Fit(codec, digits, lambda: 20, epochs: 6, learningRate: 5e-3);
        var (before, after) = (codec.Encode(digits, lambda: 20), trained.Encode(digits, lambda: 20));

        Assert.True(after.Length < 0.95 * before.Length, $"{after.Length} bytes after {before.Length}");
        Assert.True(Error(trained, after) < Error(codec, before));

        double Error(ImageCodec by, byte[] file) => by.DecodePixels(file).Zip(digits.Pixels, (a, b) => (double)(a - b) * (a - b)).Sum();
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var digits = TestCodec.Digits(128);
        using var codec = TestCodec.Untrained();
        var workers = TorchRuntime.Workers;
        try
        {
            byte[] Encoded(int threads)
            {
                TorchRuntime.Workers = threads;
                using var trained = SymbolTrainer.Fit(codec, digits, lambda: 10, epochs: 2);
                return trained.Encode(digits);
            }

            Assert.Equal(Encoded(1), Encoded(3));
        }
        finally
        {
            TorchRuntime.Workers = workers;
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var codec = TestCodec.Untrained();
        var digits = TestCodec.Digits(128);
        Assert.Throws<ArgumentOutOfRangeException>(() => SymbolTrainer.Fit(codec, digits.Take(127), 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SymbolTrainer.Fit(codec, digits, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SymbolTrainer.Fit(codec, digits, 10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SymbolTrainer.Fit(codec, digits, 10, 1, learningRate: 0));
    }
}
