using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Draw = Plotly.NET.CSharp.Chart;

namespace Autoencoders.Display;

/// <summary>Puts charts together by the names that plotly.js has for things, many of which have no C# method.</summary>
internal static class ChartLayout
{
    /// <summary>The traces as one chart in the house style.</summary>
    public static GenericChart Combined(IEnumerable<GenericChart> traces) =>
        WithLayout(Draw.Combine(traces), ("template", HouseStyle.Template()), ("width", HouseStyle.Width), ("height", HouseStyle.Height));

    /// <summary>The chart with properties of its layout added or replaced.</summary>
    public static GenericChart WithLayout(GenericChart chart, params (string Name, object? Value)[] properties) =>
        GenericChart.addLayout(Set(new Layout(), properties), chart);

    /// <summary>The chart with properties of its <c>xaxis</c> or <c>yaxis</c> added or replaced.</summary>
    public static GenericChart WithAxis(GenericChart chart, string axis, params (string Name, object? Value)[] properties) =>
        WithLayout(chart, (axis, Set(new LinearAxis(), properties)));

    /// <summary>The chart with an axis whose steps multiply, and whose marks say whole numbers: plotly.js would write the 2 of 200.</summary>
    public static GenericChart WithLogAxis(GenericChart chart, string axis) => WithAxis(chart, axis, ("type", "log"), ("tickformat", ",~r"), ("nticks", 5), ("dtick", null));

    /// <summary>The chart of lines with each line's name at its last point, in its colour, instead of a legend.</summary>
    public static GenericChart WithNamesAtEnds(GenericChart chart, IReadOnlyList<(string Name, double[] X, double[] Y)> lines)
    {
        foreach (var (i, trace) in GenericChart.getTraces(chart).Index())
        {
            var (name, x, _) = lines[i];
            Set(trace, ("mode", $"{trace.GetPropertyValue("mode")}+text"), ("text", x.SkipLast(1).Select(_ => "").Append(name).ToArray()), ("textposition", "middle right"),
                ("textfont", Set(new Font(), ("color", Palette.Of(i)))), ("cliponaxis", false), ("showlegend", false));
        }

        return WithRoomRight(chart, lines.Select(line => line.Name));
    }

    /// <summary>The chart with a margin in which texts right of the axes have room.</summary>
    public static GenericChart WithRoomRight(GenericChart chart, IEnumerable<string> texts) =>
        WithLayout(chart, ("margin", Set(new Margin(), ("r", 32 + 7 * texts.Max(text => text.Length)))));

    /// <summary>The first place of the chart's first trace on the horizontal axis: a number, or a label.</summary>
    public static object FirstX(GenericChart chart) => ((System.Collections.IEnumerable)GenericChart.getTraces(chart)[0].GetPropertyValue("x")).Cast<object>().First();

    /// <summary>The object with properties added or replaced.</summary>
    public static T Set<T>(T target, params (string Name, object? Value)[] properties)
        where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in properties)
        {
            target.SetProperty(name, value);
        }

        return target;
    }
}
