namespace Autoencoders.Weights;

/// <summary>A file is not a whole safetensors file, or does not hold the weights that a model asks for.</summary>
/// <param name="message">What is wrong, and in which file.</param>
/// <param name="inner">What gave it away, if anything did.</param>
public sealed class SafetensorsFormatException(string message, Exception? inner = null) : FormatException(message, inner);
