using Autoencoders.Display;
using Autoencoders.Training;
using Newtonsoft.Json.Linq;
using Plotly.NET;
using Plotly.NET.CSharp;
using TorchSharp;

namespace Autoencoders.Tests.Display;

public sealed class ChartsTests
{
    private static readonly TrainingHistory History = new([new EpochResult(1, 0.3, 0.4, 1, 1), new EpochResult(2, 0.2, 0.25, 1, 1), new EpochResult(3, 0.15, 0.2, 1, 1)]);

    static ChartsTests() => Notebook.Setup();

    private static GenericChart Lines => Charts.Lines("Loss by epoch", "epoch", "BCE (nats per pixel)", ("training", [1, 2, 3], [0.3, 0.2, 0.1]), ("validation", [1, 2, 3], [0.4, 0.3, 0.11]));

    public static TheoryData<GenericChart, string, string, string, int> All => new()
    {
        { Lines, "Loss by epoch", "epoch", "BCE (nats per pixel)", 2 },
        { Lines.WithLogX().WithLogY().WithReferenceLine("floor", 0.06), "Loss by epoch", "epoch", "BCE (nats per pixel)", 3 },
        { Charts.Lines("ROC", "false alarms (share)", "caught (share)", ("a", torch.rand(5, 2)), ("b", torch.rand(5, 2))), "ROC", "false alarms (share)", "caught (share)", 2 },
        { Charts.Points("Codes", "first number", "second number", ("0", [1, 2], [3, 4]), ("1", [2, 1], [4, 3])), "Codes", "first number", "second number", 2 },
        { Charts.Points("Codes", "first number", "second number", ("0", torch.rand(5, 2))), "Codes", "first number", "second number", 1 },
        { Charts.Bars("Digits", "digit", "images", ["0", "1"], ("", [10, double.NaN])).WithReferenceLine("mean", 15), "Digits", "digit", "images", 2 },
        { Charts.Histogram("Quality", "PSNR (dB)", [20, 21, 25, 30], bins: 5), "Quality", "PSNR (dB)", "images", 1 },
        { Charts.Histogram("Quality", "PSNR (dB)", "digits", 5, ("small", [20, 21, 25, 30]), ("large", [22, 23])), "Quality", "PSNR (dB)", "digits", 2 },
        { Charts.TrainingCurves(History, "BCE (nats per pixel)", floor: 0.06), "Loss by epoch", "epoch", "BCE (nats per pixel)", 3 },
        { Charts.TrainingCurves("BCE (nats per pixel)", null, ("constant", History), ("one cycle", History)), "Loss by epoch", "epoch", "BCE (nats per pixel)", 4 },
    };

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public void Every_chart_has_a_title_labelled_axes_the_house_style_and_only_finite_numbers(GenericChart chart, string title, string xAxis, string yAxis, int traces)
    {
        var (figure, layout) = (Figure(chart), Figure(chart)["layout"]!);

        Assert.Equal((title, xAxis, yAxis), ((string)layout["title"]!["text"]!, (string)layout["xaxis"]!["title"]!["text"]!, (string)layout["yaxis"]!["title"]!["text"]!));
        Assert.Equal(traces, figure["data"]!.Count());
        Assert.Equal((700, 400), ((int)layout["width"]!, (int)layout["height"]!));
        Assert.Equal("#0072B2", (string)layout["template"]!["layout"]!["colorway"]![0]!);
        Assert.StartsWith("Inter", (string)layout["template"]!["layout"]!["font"]!["family"]!);
        Assert.All(figure["data"]!, trace =>
        {
            Assert.All(trace["y"]!, y => Assert.True(y.Type == JTokenType.Float && double.IsFinite((double)y), $"{y}"));
            Assert.Equal(trace["x"]!.Count(), trace["y"]!.Count());
        });
    }

    [Fact]
    public void The_series_of_a_chart_differ_in_more_than_their_colour()
    {
        var styles = Figure(Lines)["layout"]!["template"]!["data"]!;

        Assert.Equal(5, styles["scatter"]!.Select(s => (string)s["line"]!["dash"]!).Distinct().Count());
        Assert.Equal(5, styles["scatter"]!.Select(s => (string)s["marker"]!["symbol"]!).Distinct().Count());
        Assert.Equal(4, styles["bar"]!.Select(s => (string)s["marker"]!["pattern"]!["shape"]!).Distinct().Count());
    }

    [Fact]
    public void A_reader_s_own_chart_begins_in_the_same_style_and_size()
    {
        var layout = Figure(Plotly.NET.CSharp.Chart.Point<int, int, string>([1, 2], [3, 4]))["layout"]!;

        Assert.True(JToken.DeepEquals(Figure(Lines)["layout"]!["template"], layout["template"]));
        Assert.Equal((700, 400), ((int)layout["width"]!, (int)layout["height"]!));
    }

    [Fact]
    public void What_Plotly_NET_offers_can_follow()
    {
        var layout = Figure(Lines.WithLogX().WithXAxisStyle<double, double, string>(TitleText: "passes").WithSize(500, 300).WithTitles("New", "passes", "nats"))["layout"]!;

        Assert.Equal(("New", "passes", "log"), ((string)layout["title"]!["text"]!, (string)layout["xaxis"]!["title"]!["text"]!, (string)layout["xaxis"]!["type"]!));
        Assert.Equal((500, 300), ((int)layout["width"]!, (int)layout["height"]!));
    }

    [Fact]
    public void Logarithmic_axes_keep_their_titles_and_write_whole_numbers()
    {
        var layout = Figure(Lines.WithLogX().WithLogY())["layout"]!;

        Assert.All(new[] { layout["xaxis"]!, layout["yaxis"]! }, axis => Assert.Equal(("log", ",~r"), ((string)axis["type"]!, (string)axis["tickformat"]!)));
        Assert.Equal(JTokenType.Null, layout["xaxis"]!["dtick"]!.Type);
        Assert.Equal("BCE (nats per pixel)", layout["yaxis"]!["title"]!["text"]);
    }

    [Fact]
    public void Few_epochs_are_labelled_with_whole_numbers()
    {
        Assert.Equal(1, Figure(Lines)["layout"]!["xaxis"]!["dtick"]);
        Assert.Null(Figure(Charts.Lines("t", "x", "y", ("a", [0.5, 1], [1, 2])))["layout"]!["xaxis"]!["dtick"]);
        Assert.Null(Figure(Charts.Lines("t", "x", "y", ("a", [1, 100], [1, 2])))["layout"]!["xaxis"]!["dtick"]);
    }

    [Fact]
    public void A_reference_line_spans_the_chart_with_its_name_beside_it_and_the_axes_reach_it()
    {
        var figure = Figure(Lines.WithReferenceLine("floor", 0.06));
        var line = Assert.Single(figure["layout"]!["shapes"]!);

        Assert.Equal(("paper", 0, 1), ((string)line["xref"]!, (int)line["x0"]!, (int)line["x1"]!));
        Assert.Equal((0.06, 0.06, "floor"), ((double)line["y0"]!, (double)line["y1"]!, (string)line["label"]!["text"]!));
        Assert.Equal((0.06, 0), ((double)figure["data"]![2]!["y"]![0]!, (int)figure["data"]![2]!["marker"]!["opacity"]!));
        Assert.Throws<ArgumentException>(() => Lines.WithReferenceLine("floor", double.NaN));
    }

    [Fact]
    public void Two_reference_lines_are_both_there() =>
        Assert.Equal(["low", "high"], Figure(Lines.WithReferenceLine("low", 0.1).WithReferenceLine("high", 0.4))["layout"]!["shapes"]!.Select(s => (string)s["label"]!["text"]!));

    [Theory]
    [InlineData(0.1, 0.9, true)]
    [InlineData(0.1, 0.11, false)]
    [InlineData(-0.1, 0.9, true)]
    public void Lines_that_end_apart_have_their_names_there_instead_of_a_legend(double first, double second, bool apart)
    {
        var traces = Figure(Charts.Lines("t", "x", "y", ("a", [1, 2, 3], [1, 0.5, first]), ("b", [2, 3], [1, second])))["data"]!;

        Assert.Equal(apart ? ["", "", "a"] : null, traces[0]!["text"]?.Select(t => (string)t!));
        Assert.Equal(apart ? ["", "b"] : null, traces[1]!["text"]?.Select(t => (string)t!));
        Assert.All(traces, trace => Assert.Equal(apart, (bool?)trace["showlegend"] == false && ((string)trace["mode"]!).EndsWith("+text", StringComparison.Ordinal)));
    }

    [Fact]
    public void Lines_that_are_apart_only_on_a_linear_axis_keep_the_legend() =>
        Assert.Null(Figure(Charts.Lines("t", "x", "y", ("a", [1, 2], [1e-6, 0.8]), ("b", [1, 2], [1, 0.9])))["data"]![0]!["text"]);

    [Fact]
    public void Points_that_are_not_finite_are_left_out()
    {
        var trace = Figure(Charts.Lines("t", "x", "y", ("a", [1, 2, double.NaN, 4], [double.NaN, 1, 2, double.PositiveInfinity]), ("gone", [1], [double.NaN])))["data"]!;

        Assert.Equal([2.0], Assert.Single(trace)["x"]!.Select(x => (double)x));
    }

    [Fact]
    public void A_bar_without_a_value_leaves_its_label_in_place()
    {
        var figure = Figure(Charts.Bars("t", "x", "y", ["0", "1", "2"], ("a", [double.NaN, 1, 2]), ("b", [3, 4, 5])));

        Assert.Equal(["0", "1", "2"], figure["layout"]!["xaxis"]!["categoryarray"]!.Select(l => (string)l!));
        Assert.Equal(["1", "2"], figure["data"]![0]!["x"]!.Select(l => (string)l!));
        Assert.Equal("category", (string)figure["layout"]!["xaxis"]!["type"]!);
    }

    [Fact]
    public void A_histogram_counts_every_value_once_the_highest_too()
    {
        var bars = Figure(Charts.Histogram("t", "x", torch.tensor(new float[] { 0, 1, 1.5f, 3.9f, 4 }), bins: 4))["data"]![0]!;

        Assert.Equal([0.5, 1.5, 2.5, 3.5], bars["x"]!.Select(x => (double)x));
        Assert.Equal([1.0, 2, 0, 2], bars["y"]!.Select(y => (double)y));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(25.4413, 25.441300000000002)]
    public void A_histogram_of_one_value_has_one_bar(double low, double high) =>
        Assert.Equal([2.0, 0, 0, 0], Figure(Charts.Histogram("t", "x", [low, high], bins: 4))["data"]![0]!["y"]!.Select(y => (double)y));

    [Fact]
    public void The_sets_of_a_histogram_share_their_bounds_and_lie_over_each_other()
    {
        var figure = Figure(Charts.Histogram("t", "x", "y", 2, ("a", [0, 4]), ("none", []), ("b", [1, 1])));

        Assert.Equal("overlay", (string)figure["layout"]!["barmode"]!);
        Assert.Equal(["a", "b"], figure["data"]!.Select(t => (string)t["name"]!));
        Assert.Equal([2.0, 0], figure["data"]![1]!["y"]!.Select(y => (double)y));
    }

    [Fact]
    public void Training_curves_show_both_losses_of_each_training_and_the_floor()
    {
        Assert.Equal(["training", "validation", "floor"], Names(Charts.TrainingCurves(History, "BCE", floor: 0.06)));
        Assert.Equal([0.4, 0.25, 0.2], Figure(Charts.TrainingCurves(History))["data"]![1]!["y"]!.Select(y => (double)y));
        Assert.Equal(
            ["constant, training", "constant, validation", "one cycle, training", "one cycle, validation"],
            Names(Charts.TrainingCurves("BCE", null, ("constant", History), ("one cycle", History))));
    }

    [Fact]
    public void A_chart_that_cannot_be_drawn_is_refused_by_its_title()
    {
        Func<GenericChart>[] refused =
        [
            () => Charts.Lines("t", "x", "y", Array.Empty<(string, double[], double[])>()),
            () => Charts.Lines("t", "x", "y", ("a", [1, 2], [1])),
            () => Charts.Points("t", "x", "y", ("a", [1.0], [double.NaN])),
            () => Charts.Points("t", "x", "y", ("a", torch.zeros(2, 3))),
            () => Charts.Bars("t", "x", "y", ["a"], ("s", [1, 2])),
            () => Charts.Histogram("t", "x", "y", 5, ("a", [1, double.NaN])),
            () => Charts.Histogram("t", "x", Array.Empty<double>()),
            () => Charts.Histogram("t", "x", "y", 5),
        ];

        Assert.All(refused, chart => Assert.Contains("\"t\"", Assert.Throws<ArgumentException>(chart).Message));
    }

    private static IEnumerable<string> Names(GenericChart chart) => Figure(chart)["data"]!.Select(trace => (string)trace["name"]!);

    private static JObject Figure(GenericChart chart) => JObject.Parse(GenericChart.toJson(chart));
}
