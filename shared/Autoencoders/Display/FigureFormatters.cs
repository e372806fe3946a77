using System.Globalization;
using System.Net;
using Autoencoders.Models;
using Autoencoders.Training;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;
using Plotly.NET;
using Plotly.NET.Interactive;
using static TorchSharp.torch;

namespace Autoencoders.Display;

/// <summary>Tells the notebook's host how values of our types are shown: the one place where formatters are registered.</summary>
public static class FigureFormatters
{
    private const string Html = "text/html", Text = "text/plain", Png = "image/png";

    /// <summary>Registers all formatters.</summary>
    public static void Register()
    {
        Add<IFigure>(f => f.ToHtml(), f => f.ToString()!);
        Add<IPicture>(p => p.ToHtml(), p => p.ToString()!);
        Formatter.Register<IPicture>(p => Convert.ToBase64String(p.ToPng()), Png);
        Formatter.SetPreferredMimeTypesFor(typeof(IPicture), Png, Html, Text);

        Add<ModelSummary>(s => Table.Of(s).ToHtml(), s => Table.Of(s).ToString());
        Add<TrainingHistory>(h => Table.Of(h).ToHtml(), h => Table.Of(h).ToString());
        RegisterCharts();
        Formatter.Register<Tensor>(t => $"<code>{WebUtility.HtmlEncode(Describe(t))}</code>", Html);
        Formatter.Register<Tensor>(Describe, Text);
        Formatter.SetPreferredMimeTypesFor(typeof(Tensor), Text);
    }

    private static void RegisterCharts()
    {
        // Plotly.NET.Interactive knows how to show a chart; but its HTML asks require.js for plotly.js from a CDN, and so
        // stays blank without a network, and without a word where scripts are stripped. Ours, registered on top of it,
        // draws with the plotly.js of Notebook.Setup, in VS Code too, which has no require.js.
        IKernelExtension plotly = new FormatterKernelExtension();
        plotly.OnLoadAsync(KernelInvocationContext.Current?.HandlingKernel!).GetAwaiter().GetResult();
        Add<GenericChart>(ChartFormatter.ToHtml, ChartFormatter.ToText);
    }

    /// <summary>A tensor in a line: shape, type, device and, for numbers, lowest, highest and mean.</summary>
    internal static string Describe(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var kind = $"Tensor ({string.Join(", ", tensor.shape)}) {tensor.dtype} on {tensor.device}";
        if (tensor.numel() == 0 || tensor.is_complex() || tensor.dtype == ScalarType.Bool)
        {
            return kind;
        }

        var values = tensor.detach().cpu().to(float64);
        return tensor.numel() == 1
            ? $"{kind}: {Number(values.item<double>())}"
            : $"{kind}: min {Number(values.min().item<double>())}, max {Number(values.max().item<double>())}, mean {Number(values.mean().item<double>())}";
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static void Add<T>(Func<T, string> html, Func<T, string> text)
    {
        Formatter.Register(html, Html);
        Formatter.Register(text, Text);
        Formatter.SetPreferredMimeTypesFor(typeof(T), Html, Text);
    }
}
