using Autoencoders.Data;
using TorchSharp;

namespace Autoencoders.Tests.Data;

public class ImageSetTests
{
    // Four images of 2 x 3 pixels: image i holds 6i, 6i + 1, …
    private static readonly ImageSet Four = new([.. Enumerable.Range(0, 24).Select(i => (byte)i)], [3, 1, 3, 0], 2, 3);

    [Fact]
    public void A_tensor_holds_bytes_divided_by_255()
    {
        using var scope = torch.NewDisposeScope();
        var all = new ImageSet([.. Enumerable.Range(0, 256).Select(i => (byte)i)], new byte[4], 8, 8);

        var tensor = all.ToTensor();

        Assert.Equal([4, 1, 8, 8], tensor.shape);
        Assert.Equal(torch.ScalarType.Float32, tensor.dtype);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => i / 255f), tensor.data<float>());
    }

    [Fact]
    public void Rows_come_before_columns()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(6 + 3 + 2, Four.ToBytes()[1, 0, 1, 2].item<byte>());
    }

    [Fact]
    public void A_tensor_of_indices_follows_their_order()
    {
        using var scope = torch.NewDisposeScope();

        var tensor = Four.ToTensor([2, 0, 2]);

        Assert.Equal([3, 1, 2, 3], tensor.shape);
        Assert.Equal([12 / 255f, 0f, 12 / 255f], tensor[.., 0, 0, 0].data<float>().ToArray());
    }

    [Fact]
    public void Byte_tensors_are_copies()
    {
        using var scope = torch.NewDisposeScope();

        Four.ToBytes().fill_(9);

        Assert.Equal(23, Four.Pixels[^1]);
    }

    [Fact]
    public void Labels_become_whole_numbers()
    {
        using var scope = torch.NewDisposeScope();

        var labels = Four.LabelsToTensor();

        Assert.Equal(torch.ScalarType.Int64, labels.dtype);
        Assert.Equal([3L, 1, 3, 0], labels.data<long>().ToArray());
    }

    [Fact]
    public void An_empty_set_gives_an_empty_tensor()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal([0, 1, 2, 3], Four.Take(0).ToTensor().shape);
        Assert.Equal([0], Four.Take(0).LabelsToTensor().shape);
    }

    [Fact]
    public void Nothing_but_the_result_is_left_in_the_callers_scope()
    {
        using var warmUp = Four.ToTensor();
        using var scope = torch.NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        _ = Four.ToTensor();
        _ = Four.ToTensor([1, 2]);
        _ = Four.ToBytes();
        _ = Four.LabelsToTensor();

        Assert.Equal(4, scope.DisposablesCount);
        Assert.Equal(4, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
    }

    [Fact]
    public void Parts_of_a_set_keep_pixels_and_labels_together()
    {
        var selected = Four.Select([3, 1]);
        Assert.Equal([0, 1], selected.Labels);
        Assert.Equal([18, 19, 20, 21, 22, 23], selected.Image(0).ToArray());

        var taken = Four.Take(1);
        Assert.Equal([3], taken.Labels);
        Assert.Equal([0, 1, 2, 3, 4, 5], taken.Pixels);

        var threes = Four.WithLabel(3);
        Assert.Equal([3, 3], threes.Labels);
        Assert.Equal(12, threes.Image(1)[0]);
        Assert.Equal((2, 3), (threes.Height, threes.Width));
        Assert.Equal(0, Four.WithLabel(7).Count);
    }

    [Fact]
    public void Pixels_that_do_not_fit_the_labels_are_refused()
    {
        var e = Assert.Throws<ArgumentException>(() => new ImageSet(new byte[23], new byte[4], 2, 3));

        Assert.StartsWith("4 labels need 4 images of 2 x 3 pixels, which is not 23 bytes.", e.Message);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 0)]
    [InlineData(-2, -3)]
    public void Images_have_a_positive_size(int height, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet([], [], height, width));

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void An_image_that_is_not_there_is_refused(int index)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Four.Image(index).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Four.Select([0, index]));
    }

    [Fact]
    public void Of_a_small_set_all_images_are_taken()
    {
        Assert.Equal(Four.Pixels, Four.Take(8_500).Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => Four.Take(-1));
    }
}
