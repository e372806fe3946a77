namespace Autoencoders.Data;

/// <summary>A file that should be IDX is not, or holds something that the project does not read. The message names the file and the reason.</summary>
/// <param name="message">One sentence that names the file and what is wrong with it.</param>
/// <param name="inner">What the decompressor said, where the gzip layer is at fault.</param>
public sealed class IdxFormatException(string message, Exception? inner = null) : FormatException(message, inner);
