using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NotebookRunner.Execution;
using NotebookRunner.Notebooks;

namespace NotebookRunner.Hosting;

/// <summary>What the process of the kernel tells the runner, a line of JSON each.</summary>
[JsonDerivedType(typeof(Wrote), nameof(Wrote))]
[JsonDerivedType(typeof(Showed), nameof(Showed))]
[JsonDerivedType(typeof(Updated), nameof(Updated))]
[JsonDerivedType(typeof(Ended), nameof(Ended))]
internal abstract record CellEvent
{
    /// <summary>How it is written and read: an output may be as deep as a notebook.</summary>
    public static JsonSerializerOptions Json { get; } = new() { MaxDepth = NotebookReader.Deepest };

    /// <summary>The cell wrote <paramref name="Text"/> to <c>stdout</c> or <c>stderr</c>.</summary>
    public sealed record Wrote(string Stream, string Text) : CellEvent;

    /// <summary>The cell put out a value: an nbformat output, which updates name by <paramref name="DisplayId"/>.</summary>
    public sealed record Showed(JsonObject Output, string? DisplayId) : CellEvent;

    /// <summary>What was shown under <paramref name="DisplayId"/> looks otherwise now.</summary>
    public sealed record Updated(JsonObject Data, string DisplayId) : CellEvent;

    /// <summary>The cell ended, well or with <paramref name="Failure"/>. Before the first cell: the kernel has started.</summary>
    public sealed record Ended(CellFailure? Failure) : CellEvent;
}
