using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Autoencoders.Display;
using Autoencoders.Models;
using Microsoft.DotNet.Interactive.Formatting;
using SkiaSharp;
using TorchSharp;

namespace Autoencoders.Tests.Display;

public sealed class NotebookTests
{
    private readonly IFigure _setup = Notebook.Setup();

    [Fact]
    public void Setup_brings_plotly_js_packed_once_and_from_nowhere_else()
    {
        var html = _setup.ToHtml();
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(html.Split("atob('")[1].Split('\'')[0])), CompressionMode.Decompress);
        using var library = PlotlyScript.Open();

        Assert.Equal(SHA256.HashData(library), SHA256.HashData(packed));
        Assert.InRange(html.Length, 1_000_000, 1_600_000);
        Assert.Equal(1, html.Split("<script data-plotly-library>").Length - 1);
        Assert.Equal(1, html.Split("</script>").Length - 1);
        Assert.DoesNotContain("src=", html);
    }

    [Fact]
    public void Setup_says_what_runs_and_sets_the_seed()
    {
        Notebook.Setup(7);
        using var first = torch.rand(3);
        Assert.Matches(@"seed +7\b", Notebook.Setup(7).ToString());
        using var second = torch.rand(3);

        Assert.Equal(first.data<float>().ToArray(), second.data<float>().ToArray());
        Assert.Matches(@"TorchSharp +\d+\.\d+", _setup.ToString());
        Assert.Matches(@"libtorch +\d+\.\d+", _setup.ToString());
    }

    [Fact]
    public void Pictures_are_shown_as_png_and_html()
    {
        object picture = DigitGrid.Of(torch.zeros(1, 1, 28, 28));

        Assert.Equal(["image/png", "text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(picture.GetType()).Order());
        using var decoded = SKBitmap.Decode(Convert.FromBase64String(picture.ToDisplayString("image/png")));
        Assert.Equal(72, decoded.Width);
        Assert.StartsWith("<img", picture.ToDisplayString("text/html"));
        Assert.Equal("1 image of 28×28 pixels: torch.zeros(1, 1, 28, 28)", picture.ToDisplayString("text/plain"));
    }

    [Fact]
    public void Other_figures_are_shown_as_html_and_text()
    {
        object table = Table.Of(["a"], [["1"]]);

        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(table.GetType()).Order());
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(_setup.GetType()).Order());
        Assert.StartsWith("<table", table.ToDisplayString("text/html"));
        Assert.Equal(table.ToString(), table.ToDisplayString("text/plain"));
    }

    [Fact]
    public void A_model_s_summary_is_shown_as_a_table()
    {
        object summary = new ModelSummary("Net", [new LayerSummary("conv", "Conv2d", [-1, 32, 28, 28], 320)]);

        Assert.Contains(">(N, 32, 28, 28)</td>", summary.ToDisplayString("text/html"));
        Assert.Contains("conv", summary.ToDisplayString("text/plain"));
    }

    [Fact]
    public void A_tensor_is_shown_in_a_line()
    {
        object tensor = torch.tensor(new float[] { 1, 2, 6 }).reshape(1, 3);

        Assert.Equal(["text/plain"], Formatter.GetPreferredMimeTypesFor(tensor.GetType()));
        Assert.Equal("Tensor (1, 3) Float32 on cpu: min 1, max 6, mean 3", tensor.ToDisplayString("text/plain"));
        Assert.Equal("Tensor () Float32 on cpu: 0.5", ((object)torch.tensor(0.5f)).ToDisplayString("text/plain"));
        Assert.Equal("Tensor (0) Int64 on cpu", ((object)torch.zeros(0, dtype: torch.int64)).ToDisplayString("text/plain"));
    }

    [Fact]
    public void FSharp_Core_of_any_version_is_answered_and_nothing_else()
    {
        var any = typeof(NotebookTests).Assembly;

        Assert.Same(any, FSharpCoreResolver.Resolve(new AssemblyName("FSharp.Core, Version=10.1.0.0"), _ => any));
        Assert.Null(FSharpCoreResolver.Resolve(new AssemblyName("Plotly.NET"), _ => any));
    }

    [Fact]
    public void The_resolver_that_asks_itself_answers_null()
    {
        var asked = 0;
        Assembly? Load(AssemblyName name) => ++asked > 1 ? throw new InvalidOperationException("asked again") : FSharpCoreResolver.Resolve(name, Load!);

        Assert.Null(FSharpCoreResolver.Resolve(new AssemblyName("FSharp.Core"), Load!));
        Assert.Equal(1, asked);
        Assert.Null(FSharpCoreResolver.Resolve(new AssemblyName("FSharp.Core"), _ => throw new FileNotFoundException()));
    }
}
