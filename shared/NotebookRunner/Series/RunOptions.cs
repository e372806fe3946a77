namespace NotebookRunner.Series;

/// <summary>What the command line asks for.</summary>
/// <param name="Notebooks">Full paths of the notebooks, in order.</param>
/// <param name="Output">Full path of the folder for everything that the run writes.</param>
/// <param name="CellTimeout">How long one cell may take.</param>
/// <param name="Jobs">How many notebooks may run at a time.</param>
/// <param name="Save">Whether to write the outputs back into the notebooks.</param>
/// <param name="Browser">What draws the still pictures of saved charts.</param>
internal sealed record RunOptions(IReadOnlyList<string> Notebooks, string Output, TimeSpan CellTimeout, int Jobs, bool Save, string? Browser);
