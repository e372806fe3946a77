using System.Globalization;
using Autoencoders.Display;
using Autoencoders.Models;
using Autoencoders.Training;

namespace Autoencoders.Tests.Display;

public sealed class TableTests
{
    [Fact]
    public void Text_columns_are_aligned_left_and_numbers_right()
    {
        var table = Table.Of(["layer", "parameters"], [["conv", "4,624"], ["upsample", "0"]]);

        Assert.Equal("layer     parameters\n--------  ----------\nconv           4,624\nupsample           0", table.ToString());
        Assert.Contains("text-align:left\">upsample</td>", table.ToHtml());
        Assert.Contains("text-align:right\">4,624</td>", table.ToHtml());
        Assert.Contains("<td align=\"right\" style=", table.ToHtml());
    }

    [Theory]
    [InlineData("24.1 dB", true)]
    [InlineData("−3.5", true)]
    [InlineData("1e-3", true)]
    [InlineData("12 %", true)]
    [InlineData("", false)]
    [InlineData("(N, 1, 28, 28)", false)]
    [InlineData("Conv2d 3×3", false)]
    public void Numbers_may_have_units(string cell, bool right) =>
        Assert.Contains($"text-align:{(right ? "right" : "left")}\">{cell}</td>", Table.Of(["h"], [[cell]]).ToHtml().Replace("&#215;", "×"));

    [Fact]
    public void Html_is_escaped()
    {
        var html = Table.Of(["<h>"], [["<script>alert('&')</script>"]]).ToHtml();

        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;", html);
        Assert.Contains("&lt;h&gt;", html);
    }

    [Fact]
    public void Numbers_have_a_point_whatever_the_culture()
    {
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.EndsWith("\n 0.5", Table.From([0.5], ("half", x => x)).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_row_of_another_length_is_refused() =>
        Assert.Contains("Row 2 has 1 cells, the header has 2", Assert.Throws<ArgumentException>(() => Table.Of(["a", "b"], [["1", "2"], ["3"]])).Message);

    [Fact]
    public void A_model_s_table_names_shapes_and_sums_parameters()
    {
        var table = Table.Of(new ModelSummary("Net", [new("conv1", "Conv2d", [-1, 32, 28, 28], 320), new("conv2", "Conv2d", [-1, 16, 14, 14], 4624)])).ToString();

        Assert.Contains("(N, 32, 28, 28)", table);
        Assert.EndsWith("4,944", table);
    }

    [Fact]
    public void A_history_s_table_has_a_row_an_epoch()
    {
        var rows = Table.Of([new EpochResult(1, 0.25, 0.2, 1.6, 5800), new EpochResult(2, 0.125, 0.1, 1.5, 6000)]).ToString().Split('\n');

        Assert.Equal(4, rows.Length);
        Assert.Equal(["2", "0.1250", "0.1000", "1.5", "6,000"], rows[3].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
