namespace NotebookRunner.Series;

/// <summary>What the user asked for cannot be done; the message says why and what can.</summary>
internal sealed class UsageException(string message) : Exception(message);
