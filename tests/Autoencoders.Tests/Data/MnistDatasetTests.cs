using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

public sealed class MnistDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _variable = Environment.GetEnvironmentVariable(MnistDataset.FolderVariable);

    private string Empty => Directory.CreateDirectory(_folder["empty"]).FullName;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(MnistDataset.FolderVariable, _variable);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void The_variable_names_the_folder_to_load(string ending)
    {
        SmallMnist.Write(_folder.Root, ending);
        Environment.SetEnvironmentVariable(MnistDataset.FolderVariable, _folder.Root);

        var mnist = MnistDataset.Load();

        Assert.Equal((SmallMnist.TrainCount, SmallMnist.TestCount), (mnist.Train.Count, mnist.Test.Count));
        Assert.Equal(IdxFile.Read(_folder["t10k-images-idx3-ubyte" + ending]).Values, mnist.Test.Pixels);
        Assert.Equal([0, 1, 2, 3, 4], mnist.Test.Labels);
        Assert.Equal(_folder.Root, mnist.Folder);
        Assert.Equal(("other", $"other images than MNIST's, from the folder '{Path.GetFileName(_folder.Root)}': 12 training and 5 test images"), (mnist.Source, mnist.ToString()));
    }

    [Fact]
    public void A_relative_variable_starts_at_the_project()
    {
        SmallMnist.Write(_folder.Root, "");

        Assert.Equal(_folder.Root, MnistDataset.Load(Path.GetRelativePath(ProjectFolder.Root, _folder.Root), Empty).Folder);
    }

    [Fact]
    public void The_variable_comes_before_a_download()
    {
        SmallMnist.Write(_folder.Root, ".gz");
        var download = Directory.CreateDirectory(_folder["download"]).FullName;
        SmallMnist.Write(download, ".gz");

        Assert.Equal(_folder.Root, MnistDataset.Load(_folder.Root, download).Folder);
        Assert.Equal(download, MnistDataset.Load("", download).Folder);
        Assert.Equal(download, MnistDataset.Load(null, download).Folder);
    }

    [Fact]
    public void Without_a_complete_download_the_sample_is_loaded()
    {
        SmallMnist.Write(_folder.Root, ".gz");
        File.Delete(_folder["t10k-labels-idx1-ubyte.gz"]);

        Assert.Equal("MNIST sample: 8,500 training and 1,500 test images", MnistDataset.Load(null, _folder.Root).ToString());
        Assert.Equal("mnist-sample", MnistDataset.Load(null, _folder["absent"]).Source);
    }

    [Fact]
    public void A_variable_that_names_an_incomplete_folder_is_an_error_and_no_reason_for_the_sample()
    {
        SmallMnist.Write(_folder.Root, "");
        File.Delete(_folder["train-images-idx3-ubyte"]);
        File.Delete(_folder["t10k-labels-idx1-ubyte"]);

        var e = Assert.Throws<FileNotFoundException>(() => MnistDataset.Load(_folder.Root, Empty));

        Assert.Equal(
            $"MNIST_DIR is set, but: The folder {_folder.Root} does not hold the complete MNIST set: train-images-idx3-ubyte, " +
            "t10k-labels-idx1-ubyte missing (with or without .gz). Correct the variable, or unset it to use the sample.",
            e.Message);
    }

    [Fact]
    public void A_file_with_another_spelling_of_the_name_is_mentioned()
    {
        SmallMnist.Write(_folder.Root, "");
        File.Move(_folder["train-images-idx3-ubyte"], _folder["train-images.idx3-ubyte"]);
        File.Move(_folder["t10k-labels-idx1-ubyte"], _folder["t10k-labels-idx1-ubyte.zip"]);
        File.Delete(_folder["t10k-images-idx3-ubyte"]);
        Directory.CreateDirectory(_folder["t10k-images-idx3-ubyte"]);

        var e = Assert.Throws<FileNotFoundException>(() => MnistDataset.Load(_folder.Root));

        Assert.EndsWith(
            "(with or without .gz); there is train-images.idx3-ubyte: rename or unpack it to train-images-idx3-ubyte; there is t10k-images-idx3-ubyte: " +
            "move the file out of that folder; there is t10k-labels-idx1-ubyte.zip: rename or unpack it to t10k-labels-idx1-ubyte.",
            e.Message);
    }

    [Fact]
    public void A_tilde_in_the_variable_is_the_home_folder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Contains(Path.Combine(home, "no-such-folder"), Assert.Throws<FileNotFoundException>(() => MnistDataset.Load("~/no-such-folder", Empty)).Message);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "not an IDX file but a Git LFS pointer, not the file itself: run `git lfs pull`.")]
    [InlineData("\ufeff  <!DOCTYPE html><html><body>404</body></html>", "not an IDX file but an HTML page, as failed downloads leave it: get the file anew.")]
    [InlineData("PK\u0003\u0004\n\0\0\0", "not an IDX file but a zip archive: unpack it first.")]
    [InlineData("CAE1\u0006cae-25", "not an IDX file but a .cae file.")]
    [InlineData("{\"cells\":[]}", "not an IDX file but a JSON file, such as a notebook.")]
    public void Another_kind_of_file_is_named_for_what_it_is(string content, string message)
    {
        SmallMnist.Write(_folder.Root, "");
        File.WriteAllText(_folder["train-images-idx3-ubyte"], content);

        Assert.EndsWith(message, Assert.Throws<IdxFormatException>(() => MnistDataset.Load(_folder.Root)).Message);
    }

    [Fact]
    public void A_variable_that_names_no_folder_is_an_error() =>
        Assert.Contains(_folder["absent"], Assert.Throws<FileNotFoundException>(() => MnistDataset.Load(_folder["absent"], Empty)).Message);

    [Fact]
    public void A_damaged_file_is_an_error_and_no_reason_for_the_sample()
    {
        SmallMnist.Write(_folder.Root, "");
        File.AppendAllText(_folder["train-labels-idx1-ubyte"], "x");

        Assert.Throws<IdxFormatException>(() => MnistDataset.Load(null, _folder.Root));
    }

    [Theory]
    [InlineData("images-idx3", new[] { 12, 784 }, "does not hold images of 28 x 28 pixels: its dimensions are 12 x 784.")]
    [InlineData("images-idx3", new[] { 12, 28, 27 }, "does not hold images of 28 x 28 pixels: its dimensions are 12 x 28 x 27.")]
    [InlineData("labels-idx1", new[] { 11 }, "does not hold one label for each of the 12 images beside it: its dimensions are 11.")]
    [InlineData("labels-idx1", new[] { 12, 1 }, "does not hold one label for each of the 12 images beside it: its dimensions are 12 x 1.")]
    public void Arrays_of_another_shape_are_refused(string kind, int[] dimensions, string message)
    {
        SmallMnist.Write(_folder.Root, "");
        var path = _folder[$"train-{kind}-ubyte"];
        IdxFile.Write(path, new IdxArray(dimensions, new byte[dimensions.Aggregate((product, size) => product * size)]));

        Assert.Equal($"{path} {message}", Assert.Throws<IdxFormatException>(() => MnistDataset.Load(_folder.Root)).Message);
    }

    [Fact]
    public void A_label_that_is_no_digit_is_refused()
    {
        SmallMnist.Write(_folder.Root, "");
        var path = _folder["t10k-labels-idx1-ubyte"];
        IdxFile.Write(path, new IdxArray([5], [0, 9, 10, 1, 2]));

        Assert.Equal($"{path} holds a label above 9.", Assert.Throws<IdxFormatException>(() => MnistDataset.Load(_folder.Root)).Message);
    }

    [Fact]
    public void The_complete_set_loads()
    {
        var mnist = MnistDataset.Load(CompleteMnist.FolderOrSkip());

        Assert.Equal(("mnist", "complete MNIST: 60,000 training and 10,000 test images"), (mnist.Source, mnist.ToString()));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], mnist.Train.Labels[..10]);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], mnist.Test.Labels[..10]);
    }
}
