namespace NotebookRunner.Notebooks;

/// <summary>Names an output on the page of its notebook.</summary>
internal static class OutputId
{
    /// <summary>The id of output <paramref name="output"/> of code cell <paramref name="cell"/>, both from 1.</summary>
    public static string Of(int cell, int output) => $"{cell}.{output}";
}
