using System.Security.Cryptography;
using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

public class MnistSampleTests
{
    private static readonly string Folder = Path.Combine(ProjectFolder.Data, "mnist-sample");
    private static readonly MnistDataset Sample = MnistDataset.LoadSample();

    [Fact]
    public void The_files_have_their_checksums()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "SHA256SUMS"));

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line =>
        {
            var name = line[66..];
            Assert.Equal(line, $"{Convert.ToHexStringLower(SHA256.HashData(Compression.ReadGzip(Path.Combine(Folder, name + ".gz"))))}  {name}");
            Assert.Contains(line[..64], File.ReadAllText(Path.Combine(Folder, "README.md")));
        });
    }

    [Fact]
    public void It_holds_10_000_digits_grouped_by_class()
    {
        var images = IdxFile.Read(Path.Combine(Folder, "images-idx3-ubyte.gz"));
        var labels = IdxFile.Read(Path.Combine(Folder, "labels-idx1-ubyte.gz"));

        Assert.Equal([10_000, 28, 28], images.Dimensions);
        Assert.Equal(labels.Values.Order(), labels.Values);
        Assert.Equal([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978], CountByClass(labels.Values));
    }

    [Fact]
    public void The_split_has_the_agreed_sizes_and_the_proportions_of_the_whole()
    {
        Assert.Equal((8500, 1500), (Sample.Train.Count, Sample.Test.Count));
        Assert.Equal([150, 169, 149, 155, 147, 129, 152, 160, 142, 147], CountByClass(Sample.Test.Labels));
    }

    [Fact]
    public void The_split_is_a_division_of_the_whole()
    {
        var all = IdxFile.Read(Path.Combine(Folder, "images-idx3-ubyte.gz"));
        var labels = IdxFile.Read(Path.Combine(Folder, "labels-idx1-ubyte.gz"));
        var whole = new ImageSet(all.Values, labels.Values, 28, 28);

        Assert.Equal(Fingerprints(whole).Order(), Fingerprints(Sample.Train).Concat(Fingerprints(Sample.Test)).Order());
        Assert.Empty(Fingerprints(Sample.Train).Intersect(Fingerprints(Sample.Test)));
    }

    [Fact]
    public void Both_parts_are_shuffled() =>
        Assert.All(Sample.Train.Labels.Chunk(100).Concat(Sample.Test.Labels.Chunk(100)), hundred =>
            Assert.InRange(hundred.Distinct().Count(), 9, 10));

    [Fact]
    public void The_split_is_the_same_everywhere()
    {
        Assert.Equal("7948169924", string.Concat(Sample.Train.Labels[..10]));
        Assert.Equal("6cae5096b3c1fc11468eb0aeeb0b4753c13394ec50248a8aebd63ec3e2df9b72", Convert.ToHexStringLower(SHA256.HashData(Sample.Test.Pixels)));
    }

    [Fact]
    public void It_is_the_first_10_000_images_of_the_training_set()
    {
        var complete = MnistDataset.Load(CompleteMnist.FolderOrSkip()).Train.Take(10_000);

        Assert.Equal(Fingerprints(complete).Order(), Fingerprints(Sample.Train).Concat(Fingerprints(Sample.Test)).Order());
    }

    private static IEnumerable<int> CountByClass(byte[] labels) =>
        Enumerable.Range(0, 10).Select(label => labels.Count(value => value == label));

    /// <summary>Every byte of every image and its label, as text that can be compared and sorted.</summary>
    private static IEnumerable<string> Fingerprints(ImageSet images) =>
        Enumerable.Range(0, images.Count).Select(i => images.Labels[i] + ":" + Convert.ToBase64String(images.Image(i)));
}
