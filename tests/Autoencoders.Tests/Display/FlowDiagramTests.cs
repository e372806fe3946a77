using Autoencoders.Display;
using SkiaSharp;

namespace Autoencoders.Tests.Display;

public sealed class FlowDiagramTests
{
    private static readonly FlowDiagram Flow = FlowDiagram.Of("code", ("image", [1, 28, 28]), ("conv 3×3\nReLU", [32, 28, 28]), ("code", [10]));

    [Fact]
    public void The_text_follows_the_tensors() =>
        Assert.Equal("image 1×28×28 → conv 3×3 ReLU 32×28×28 → code 10", Flow.ToString());

    [Fact]
    public void More_channels_make_a_wider_box_and_the_code_has_its_colour()
    {
        using var picture = SKBitmap.Decode(Flow.ToPng());
        var middle = Enumerable.Range(0, picture.Width).Select(x => picture.GetPixel(x, 30)).ToList();

        // At this height the two images are cut, the code below them is not.
        Assert.Equal((8 - 2) + (38 - 2), middle.Count(c => c == SKColor.Parse("#56B4E9")));
        Assert.DoesNotContain(SKColor.Parse("#E69F00"), middle);
        Assert.Contains(SKColor.Parse("#E69F00"), picture.Pixels);
    }

    [Fact]
    public void Shapes_that_are_no_images_or_vectors_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FlowDiagram.Of("code"));
        Assert.Throws<ArgumentException>(() => FlowDiagram.Of("code", ("image", [28, 28])));
    }
}
