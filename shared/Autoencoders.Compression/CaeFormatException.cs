namespace Autoencoders.Compression;

/// <summary>
/// A <c>.cae</c> or <c>.cal</c> file cannot be decoded: it is no such file, is damaged, cut off or too long, or needs a model that is not at hand.
/// The message says which in one sentence.
/// </summary>
/// <param name="message">What is wrong, and what to do where something can be done.</param>
/// <param name="inner">What noticed it, where that helps.</param>
public sealed class CaeFormatException(string message, Exception? inner = null) : FormatException(message, inner);
