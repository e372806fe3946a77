using System.Globalization;
using TorchSharp;

namespace Autoencoders.Display;

/// <summary>What a chapter does first.</summary>
public static class Notebook
{
    /// <summary>
    /// Gets the process ready (charts, formatters, libtorch) and sets the seed of every random number that follows.
    /// Its result, shown at the end of the cell, says what runs here, and brings the chart library to the page.
    /// </summary>
    /// <param name="seed">The seed of torch's random numbers.</param>
    /// <exception cref="NotSupportedException">libtorch does not load in this process.</exception>
    public static IFigure Setup(int seed = 42)
    {
        FSharpCoreResolver.Register();
        FigureFormatters.Register();
        HouseStyle.Apply();
        TorchRuntime.Initialize();
        torch.manual_seed(seed);
        return new SetupReport(Table.Of(["", "this notebook runs on"], Facts(seed)));
    }

    private static IEnumerable<string[]> Facts(int seed) =>
    [
        ["TorchSharp", Version(typeof(torch))],
        ["libtorch", torch.__version__],
        ["Plotly.NET", Version(typeof(Plotly.NET.GenericChart))],
        [".NET", Environment.Version.ToString()],
        ["device", TorchRuntime.BestDevice.type.ToString()],
        ["threads", TorchRuntime.Workers.ToString(CultureInfo.InvariantCulture)],
        ["memory of a step", TorchRuntime.KeepsMemory ? "kept for the next step" : "as the system does it"],
        ["seed", seed.ToString(CultureInfo.InvariantCulture)],
    ];

    private static string Version(Type type) => type.Assembly.GetName().Version!.ToString(3);
}
