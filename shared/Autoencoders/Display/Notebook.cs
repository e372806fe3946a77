using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Autoencoders.Display;

/// <summary>What a chapter does first.</summary>
public static class Notebook
{
    /// <summary>
    /// Gets the process ready (charts, formatters, libtorch) and sets the seed of every random number that follows.
    /// Its result, shown at the end of the first cell, says what runs here, and brings the chart library to the page.
    /// </summary>
    /// <param name="seed">The seed of torch's random numbers.</param>
    /// <exception cref="PlatformNotSupportedException">The process is not a 64-bit one, or libtorch does not load in it.</exception>
    public static IFigure Setup(int seed = 42)
    {
        FSharpCoreResolver.Register();
        FigureFormatters.Register();
        StartTorch(seed);
        return new SetupReport(Table.Of(["", "this notebook runs on"], Facts(seed)));
    }

    private static void StartTorch(int seed)
    {
        if (!Environment.Is64BitProcess)
        {
            throw new PlatformNotSupportedException("libtorch needs a 64-bit process: install the 64-bit .NET SDK and restart the kernel.");
        }

        try
        {
            TorchRuntime.Initialize();
            torch.manual_seed(seed);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException or BadImageFormatException)
        {
            throw new PlatformNotSupportedException(
                $"libtorch does not load on {RuntimeInformation.RuntimeIdentifier}: run 'dotnet build' in the project's folder on this machine, then restart the kernel. ({e.GetBaseException().Message})", e);
        }
    }

    private static IEnumerable<string[]> Facts(int seed) =>
    [
        ["TorchSharp", Version(typeof(torch))],
        ["libtorch", torch.__version__],
        ["Plotly.NET", Version(typeof(Plotly.NET.GenericChart))],
        [".NET", Environment.Version.ToString()],
        ["device", torch.cuda.is_available() ? "CUDA" : torch.mps_is_available() ? "MPS" : "CPU"],
        ["threads", torch.get_num_threads().ToString(CultureInfo.InvariantCulture)],
        ["seed", seed.ToString(CultureInfo.InvariantCulture)],
    ];

    private static string Version(Type type) => type.Assembly.GetName().Version!.ToString(3);
}
