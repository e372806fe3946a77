using System.Runtime.InteropServices;

namespace Autoencoders.Compression;

/// <summary>Pixels to train on: what each sees, and the decisions that it is.</summary>
internal sealed class PixelBatch
{
    private const int LevelBits = 8;

    /// <summary>The windows, one after the other.</summary>
    public List<short> Inputs { get; } = [];

    /// <summary>The rows of the table of places.</summary>
    public List<long> Places { get; } = [];

    /// <summary>How many pixels each stands for.</summary>
    public List<float> Weights { get; } = [];

    /// <summary>1 for background, -1 for ink: what the logit of ink is multiplied by.</summary>
    public List<float> Signs { get; } = [];

    /// <summary>Which of the pixels are ink.</summary>
    public List<long> Ink { get; } = [];

    /// <summary>For each pixel of ink, the eight decisions on the way to its grey level.</summary>
    public List<long> Nodes { get; } = [];

    /// <summary>1 where the decision is no, -1 where it is yes.</summary>
    public List<float> NodeSigns { get; } = [];

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Inputs.Clear();
        Places.Clear();
        Weights.Clear();
        Signs.Clear();
        Ink.Clear();
        Nodes.Clear();
        NodeSigns.Clear();
    }

    /// <summary>Adds a pixel.</summary>
    /// <param name="history">The pixels before it.</param>
    /// <param name="shape">The measures of the window.</param>
    /// <param name="value">Its grey level.</param>
    /// <param name="standsFor">How many pixels it stands for.</param>
    public void Add(PixelHistory history, PixelShape shape, byte value, float standsFor)
    {
        CollectionsMarshal.SetCount(Inputs, Inputs.Count + shape.Inputs);
        history.CopyWindow(CollectionsMarshal.AsSpan(Inputs)[^shape.Inputs..]);
        Span<int> places = stackalloc int[PixelHistory.PlaceIndices];
        history.CopyPlaces(places);
        foreach (var place in places)
        {
            Places.Add(place);
        }

        for (var bit = 0; bit < LevelBits && value != 0; bit++)
        {
            Nodes.Add((1 << bit) + (value >> (LevelBits - bit)));
            NodeSigns.Add(1 - 2 * ((value >> (LevelBits - 1 - bit)) & 1));
        }

        if (value != 0)
        {
            Ink.Add(Weights.Count);
        }

        Weights.Add(standsFor);
        Signs.Add(value == 0 ? 1 : -1);
    }
}
