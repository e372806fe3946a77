using System.Text.Json.Nodes;
using NotebookRunner.Saving;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Saving;

public sealed class CommittedOutputTests
{
    [Theory]
    [InlineData("<p>a</p><script>x < y</script>\n<p>b</p>", "<p>a</p><p>b</p>")]
    [InlineData("<SCRIPT type=\"application/json\">\n{\"a\": \"<b>\"}\n</SCRIPT >end", "end")]
    [InlineData("<script>1</script>a<script src=x></script>b", "ab")]
    [InlineData("<scripture>kept</scripture>", "<scripture>kept</scripture>")]
    public void Scripts_are_removed(string html, string expected) => Assert.Equal(expected, CommittedOutput.WithoutScripts(html));

    [Fact]
    public void An_output_of_nothing_but_scripts_loses_its_HTML()
    {
        var output = Output(("text/html", "<script>1</script>"), ("text/plain", "kept"));
        CommittedOutput.Clean(output);

        Assert.Null(output["data"]!["text/html"]);
        Assert.Equal("kept", output.Text());
    }

    [Fact]
    public void Of_a_chart_the_picture_is_kept_and_of_a_table_the_HTML()
    {
        var chart = Output(("image/png", "AbC+/="), ("text/html", "<div></div><script>draw()</script>"), ("text/plain", "a chart"));
        var table = Output(("text/html", "<table></table>"), ("text/plain", "a table"));
        CommittedOutput.Clean(chart);
        CommittedOutput.Clean(table);

        Assert.Equal(["image/png", "text/plain"], chart["data"]!.AsObject().Select(d => d.Key));
        Assert.Equal(["text/html", "text/plain"], table["data"]!.AsObject().Select(d => d.Key));
    }

    [Theory]
    [InlineData("trained on builder-7, fast", "builder-7")]
    [InlineData("reads /srv/ada/project/data", "/srv/ada/project")]
    [InlineData("rebuilder-7 and /srv/adam", null)]
    public void Traces_of_the_machine_are_found(string text, string? trace)
    {
        var traces = new MachineTraces(["/srv/ada/project", "/srv/ada", "builder-7", ""]);

        Assert.Equal(trace, traces.Find(Output(("text/html", text))));
        Assert.Equal(trace, traces.Find(new JsonObject { ["output_type"] = "stream", ["text"] = new JsonArray(text) }));
        Assert.Null(traces.Find(Output(("image/png", text))));
    }

    private static JsonObject Output(params (string Type, string Data)[] data) => new()
    {
        ["output_type"] = "execute_result",
        ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Type, (JsonNode?)d.Data))),
    };
}
