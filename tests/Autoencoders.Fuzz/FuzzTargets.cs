namespace Autoencoders.Fuzz;

/// <summary>All readers that are given damaged input, in the tests and from the command line.</summary>
internal static class FuzzTargets
{
    /// <summary>One after the other; each is made when it is asked for.</summary>
    public static IReadOnlyList<FuzzTarget> All =>
    [
        Targets.IdxTarget.Create(), Targets.SafetensorsTarget.Create(), Targets.CodecTarget.Create(), Targets.CaeTarget.Create(), Targets.CalTarget.Create(), Targets.CsvTarget.Create(),
    ];

    /// <summary>The one with this name.</summary>
    public static FuzzTarget Named(string name) => All.Single(target => target.Name == name);
}
