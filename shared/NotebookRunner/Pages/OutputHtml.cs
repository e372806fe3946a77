using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Pages;

/// <summary>Shows one output: HTML where it has some, else its picture, else its text.</summary>
internal static class OutputHtml
{
    public static string Render(JsonObject output, string id)
    {
        var (style, body) = output["output_type"]?.GetValue<string>() switch
        {
            "stream" => Stream(output),
            "error" => ("error", Error(output)),
            _ => ("result", Result(output["data"] as JsonObject ?? [])),
        };
        return $"<div class=\"output {style}\" data-output=\"{id}\">{body}</div>\n";
    }

    private static (string, string) Stream(JsonObject output) =>
        ($"stream {output["name"]}", $"<pre tabindex=\"0\">{Html.Escape(MultilineText.Read(output["text"]))}</pre>");

    private static string Error(JsonObject output)
    {
        var heading = $"{output["ename"]}: {output["evalue"]}";
        var trace = string.Join('\n', (output["traceback"] as JsonArray ?? []).Select(line => line?.ToString()));
        return $"<p role=\"alert\">{Html.Escape(heading)}</p><pre tabindex=\"0\">{Html.Escape(trace)}</pre>";
    }

    private static string Result(JsonObject data)
    {
        var text = MultilineText.Read(data["text/plain"]);
        return (data["text/html"], data["image/png"]) switch
        {
            ({ } html, _) => MultilineText.Read(html),
            (_, { } png) => $"<img src=\"data:image/png;base64,{MultilineText.Read(png).Trim()}\" alt=\"{Html.Escape(text)}\">",
            _ => $"<pre tabindex=\"0\">{Html.Escape(text)}</pre>",
        };
    }
}
