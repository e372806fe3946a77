namespace NotebookRunner.Saving;

/// <summary>A notebook's outputs cannot be committed; the message says why and what to do. The notebook is left as it was.</summary>
internal sealed class SaveException(string message) : Exception(message);
