using System.Text.Json.Nodes;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Tests.Support;

/// <summary>Writes notebooks as the shipped ones are written.</summary>
internal static class NotebookFile
{
    public static Notebook Write(TemporaryFolder folder, string name, params JsonObject[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i]["id"] = $"cell-{i}";
        }

        var json = new JsonObject
        {
            ["cells"] = new JsonArray(cells),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(folder.File(name), JupyterJson.Write(json));
        return Notebook.Load(folder.File(name));
    }

    public static JsonObject Code(string source) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = "",
        ["metadata"] = new JsonObject(),
        ["outputs"] = new JsonArray(),
        ["source"] = MultilineText.Write(source),
    };

    public static JsonObject Text(string source) => new()
    {
        ["cell_type"] = "markdown",
        ["id"] = "",
        ["metadata"] = new JsonObject(),
        ["source"] = MultilineText.Write(source),
    };
}
