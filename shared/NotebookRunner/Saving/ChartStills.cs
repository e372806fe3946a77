using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.FSharp.Collections;
using Newtonsoft.Json.Linq;
using NotebookRunner.Notebooks;
using Plotly.NET;
using Plotly.NET.ImageExport;

namespace NotebookRunner.Saving;

/// <summary>Gives charts, which a script draws, their still pictures.</summary>
/// <param name="browser">The path of a Chromium-based browser; null where there is none, and then no notebook with charts can be saved.</param>
internal sealed partial class ChartStills(string? browser)
{
    private const double PixelsEach = 2;

    /// <summary>Turns an output that is a chart into its picture; leaves every other as it is.</summary>
    /// <exception cref="SaveException">There is no browser, or it does not draw the chart.</exception>
    public void Replace(JsonObject output)
    {
        if (output["data"] is not JsonObject data || Figure().Match(MultilineText.Read(data["text/html"])) is not { Success: true } figure)
        {
            return;
        }

        var text = MultilineText.Read(data["text/plain"]);
        var json = JObject.Parse(WebUtility.HtmlDecode(figure.Groups[1].Value));
        var (width, height) = ((int?)json["layout"]?["width"] ?? 700, (int?)json["layout"]?["height"] ?? 400);
        output["data"] = new JsonObject { ["image/png"] = Draw(text, Read(json), width, height), ["text/plain"] = MultilineText.Write(text) };

        // Front ends show the picture in the chart's size, at the full resolution of the screen.
        output["metadata"] = new JsonObject { ["image/png"] = new JsonObject { ["alt"] = text, ["height"] = height, ["width"] = width } };
    }

    private static GenericChart Read(JObject figure)
    {
        var chart = GenericChart.fromFigure(Plotly.NET.Figure.create(ListModule.OfSeq(figure["data"]!.Select(trace => Fill(new Trace($"{trace["type"]}"), trace))), Fill(new Layout(), figure["layout"]!)));

        // The plotly.js inside the package: it would be fetched from a CDN otherwise.
        var options = new DisplayOptions();
        options.SetProperty("PlotlyJSReference", PlotlyJSReference.Full);
        return GenericChart.addDisplayOptions(options, chart);
    }

    private static T Fill<T>(T target, JToken properties)
        where T : DynamicObj.DynamicObj
    {
        foreach (var property in ((JObject)properties).Properties().Where(p => p.Name != "type"))
        {
            target.SetProperty(property.Name, property.Value);
        }

        return target;
    }

    private string Draw(string text, GenericChart chart, int width, int height)
    {
        PuppeteerSharpRendererOptions.localBrowserExecutablePath = browser ?? throw new SaveException($"A Chromium-based browser draws the still picture of a chart ({text}), and there is none: install Chromium, Chrome or Edge, or name one with --browser.");

        // Chromium refuses to run in its sandbox as root, which is who runs things in a container.
        PuppeteerSharpRendererOptions.launchOptions.Args = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];
        try
        {
            IGenericChartRenderer renderer = new PuppeteerSharpRenderer();
            var url = renderer.RenderPNG(width, height, PixelsEach, chart);
            return url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..];
        }
        catch (Exception e) when (e is not SaveException)
        {
            throw new SaveException($"{browser} did not draw a chart ({text}): {e.GetBaseException().Message}");
        }
    }

    [GeneratedRegex("data-figure='([^']*)'")]
    private static partial Regex Figure();
}
