namespace Autoencoders.Fuzz;

/// <summary>All readers that are given damaged input, in the tests and from the command line.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<FuzzTarget>> Makers = new()
    {
        ["idx"] = Targets.IdxTarget.Create,
        ["safetensors"] = Targets.SafetensorsTarget.Create,
        ["codec"] = Targets.CodecTarget.Create,
        ["cae"] = Targets.CaeTarget.Create,
        ["cal"] = Targets.CalTarget.Create,
        ["csv"] = Targets.CsvTarget.Create,
        ["checkpoint"] = Targets.CheckpointTarget.Create,
        ["results"] = Targets.ResultsTarget.Create,
        ["notebook"] = Targets.NotebookTarget.Create,
        ["page"] = Targets.PageTarget.Create,
    };

    public static IEnumerable<string> Names => Makers.Keys;

    /// <summary>The one with this name.</summary>
    public static FuzzTarget Named(string name) => Makers[name]();
}
