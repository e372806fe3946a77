using System.Xml.Linq;
using NotebookRunner.Pages;

namespace NotebookRunner.Tests.Pages;

public sealed class MathMlTests
{
    [Theory]
    [InlineData(@"\frac{a}{2}", "mfrac", "a2")]
    [InlineData(@"x_{ij}^2", "msubsup", "xij2")]
    [InlineData(@"\sum_{i=1}^N x_i", "munderover", "∑i=1Nxi")]
    [InlineData(@"\sqrt{a - b}", "msqrt", "a−b")]
    [InlineData(@"\hat{x} \leq \theta", "mover", "x^≤θ")]
    [InlineData(@"\left[ \mathrm{MSE} \right]", "mrow", "[MSE]")]
    [InlineData(@"10 \log_{10} x", "msub", "10log10x")]
    [InlineData(@"\unknown", "mtext", @"\unknown")]
    [InlineData("a < b \\& c", "mo", "a<b&c")]
    public void Tex_becomes_MathML(string tex, string element, string text)
    {
        var math = XElement.Parse(MathMl.FromTex(tex, display: true));

        Assert.Equal(text, math.Value);
        Assert.Contains(math.Descendants(), e => e.Name == element);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("a}}b")]
    [InlineData(@"\")]
    [InlineData(@"\frac{a}")]
    [InlineData(@"\left")]
    [InlineData(@"a \right) b")]
    [InlineData("x_")]
    [InlineData(@"\mathrm{never closed")]
    [InlineData("")]
    public void A_formula_with_a_slip_still_ends_and_is_well_formed(string tex) => XElement.Parse(MathMl.FromTex(tex, display: false));
}
