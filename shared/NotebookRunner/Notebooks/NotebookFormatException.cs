namespace NotebookRunner.Notebooks;

/// <summary>A file is no notebook that the runner can read.</summary>
internal sealed class NotebookFormatException(string message, Exception? inner = null) : FormatException(message, inner);
