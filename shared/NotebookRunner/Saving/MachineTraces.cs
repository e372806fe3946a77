using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Saving;

/// <summary>Looks for what must not be published: the paths and the name of the machine that ran the notebook.</summary>
internal sealed class MachineTraces(IEnumerable<string> secrets)
{
    private readonly Regex _pattern = new(string.Join('|', secrets.Where(s => s.Length > 1).Select(s => $@"(?<!\w){Regex.Escape(s)}(?!\w)")));

    public static MachineTraces OfThisMachine(string projectRoot, string notebookFolder) => new(
        [projectRoot, notebookFolder, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.MachineName]);

    /// <summary>The first trace in a text of the outputs; null where there is none.</summary>
    public string? Find(JsonObject output) =>
        Texts(output).Select(text => _pattern.Match(text)).FirstOrDefault(match => match.Success)?.Value;

    private static IEnumerable<string> Texts(JsonObject output)
    {
        yield return MultilineText.Read(output["text"]);
        foreach (var (type, data) in output["data"] as JsonObject ?? [])
        {
            if (type.StartsWith("text/", StringComparison.Ordinal))
            {
                yield return MultilineText.Read(data);
            }
        }
    }
}
