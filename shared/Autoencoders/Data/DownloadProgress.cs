namespace Autoencoders.Data;

/// <summary>How far the download of one file is.</summary>
/// <param name="File">The file's name on the mirror.</param>
/// <param name="FileNumber">Which of the files this is, from 1.</param>
/// <param name="Files">How many files the set has.</param>
/// <param name="Received">Bytes received; it starts again from 0 when an attempt fails.</param>
/// <param name="Total">Bytes of the file, or null if the mirror does not say.</param>
/// <param name="IsComplete">Whether the file is verified and in its place; also said of a file that already was.</param>
public sealed record DownloadProgress(string File, int FileNumber, int Files, long Received, long? Total, bool IsComplete);
