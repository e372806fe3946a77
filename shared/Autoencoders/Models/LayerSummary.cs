namespace Autoencoders.Models;

/// <summary>One line of a model's summary.</summary>
/// <param name="Name">Where the layer sits in the model, as in its weights file: <c>encoder.conv1</c>.</param>
/// <param name="Layer">What kind of layer it is: <c>Conv2d</c>.</param>
/// <param name="OutputShape">The shape of what comes out, with -1 for the number of images N.</param>
/// <param name="Parameters">How many trainable numbers the layer has.</param>
public sealed record LayerSummary(string Name, string Layer, IReadOnlyList<long> OutputShape, long Parameters);
