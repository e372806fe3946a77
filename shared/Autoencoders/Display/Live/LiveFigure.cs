using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autoencoders.Display;

/// <summary>
/// A figure that a reader can play with where scripts run, without a kernel or a network: what it computes with lies inside
/// its HTML. Elsewhere it is a still picture.
/// </summary>
public abstract class LiveFigure : IPicture
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _script, _title, _hint, _data;
    private readonly byte[] _still;

    /// <param name="script">The file that draws the figure, without <c>.js</c>.</param>
    /// <param name="title">What the figure is.</param>
    /// <param name="hint">A sentence that says what to try.</param>
    /// <param name="data">What the script gets.</param>
    /// <param name="still">The still picture.</param>
    private protected LiveFigure(string script, string title, string hint, JsonObject data, byte[] still)
    {
        data["hint"] = hint;
        (_script, _title, _hint, _still) = (script, title, hint, still);
        _data = Literal(data);
    }

    /// <inheritdoc/>
    public byte[] ToPng() => _still;

    /// <inheritdoc/>
    public string ToHtml()
    {
        var style = Literal(Resource("figure.css"));
        var scripts = $"{Resource("network.js")}\n{Resource("figure.js")}\n{Resource($"{_script}.js")}";
        var id = $"{_script}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(scripts + style + _data)))[..12]}";

        // The attribute with the long name keeps JupyterLab's shortcuts off the keys that are pressed here.
        return $$"""
            <div data-live="{{id}}" data-lm-suppress-shortcuts="true" role="group" aria-label="{{Html.Encode(_title)}}">{{Html.Image(_still, _title)}}<p>{{Html.Encode(_hint)}}</p></div>
            <script>(() => {
            {{scripts}}
            start("{{id}}", {{style}}, (host) => figure({{_data}}, host));
            })();</script>
            """;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_title}. {_hint}";

    // A value as JavaScript that can stand inside a script element: nothing in it can close the element.
    private static string Literal(JsonNode value) => value.ToJsonString(Plain).Replace("<", "\\u003c", StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(LiveFigure).Assembly.GetManifestResourceStream($"Autoencoders.Display.Live.{name}")!);
        return reader.ReadToEnd();
    }
}
