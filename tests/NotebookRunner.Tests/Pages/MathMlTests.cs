using System.Xml.Linq;
using NotebookRunner.Pages;

namespace NotebookRunner.Tests.Pages;

public sealed class MathMlTests
{
    [Theory]
    [InlineData(@"\frac{a}{2}", "mfrac", "a2")]
    [InlineData(@"x_{ij}^2", "msubsup", "xij2")]
    [InlineData(@"\sum_{i=1}^N x_i", "munderover", "∑i=1Nxi")]
    [InlineData(@"\mathcal{L} \in \mathbb{R}^\top", "msup", "ℒ∈ℝ⊤")]
    [InlineData(@"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "mtable", "(abcd)")]
    [InlineData("a < b \\& c", "mo", "a<b&c")]
    public void Tex_becomes_MathML(string tex, string element, string text)
    {
        var math = XElement.Parse(MathMl.FromTex(tex, display: true)!);

        Assert.Equal(text, math.Value);
        Assert.Contains(math.Descendants(), e => e.Name == element);
        Assert.Equal("block", math.Attribute("display")?.Value);
    }

    [Fact]
    public void A_formula_that_comes_again_is_the_same_and_not_that_of_another_place()
    {
        var (inline, display) = (MathMl.FromTex(@"\sum_i x", display: false), MathMl.FromTex(@"\sum_i x", display: true));
        Assert.All(Enumerable.Range(0, 600), i => Assert.NotNull(MathMl.FromTex($"{i}", display: false)));

        Assert.NotEqual(inline, display);
        Assert.Equal((inline, display), (MathMl.FromTex(@"\sum_i x", display: false), MathMl.FromTex(@"\sum_i x", display: true)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData(@"\")]
    [InlineData(@"\frac{a}")]
    [InlineData(@"\left")]
    [InlineData(@"a \right) b")]
    [InlineData("x_")]
    [InlineData(@"\mathrm{never closed")]
    [InlineData(@"\unknown")]
    public void A_formula_with_a_slip_gives_nothing(string tex) => Assert.Null(MathMl.FromTex(tex, display: false));
}
