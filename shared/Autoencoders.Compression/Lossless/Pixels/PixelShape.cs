namespace Autoencoders.Compression;

/// <summary>The measures of a <see cref="PixelNetwork"/>.</summary>
/// <param name="Rows">How many rows above a pixel it looks: 2 to 27.</param>
/// <param name="Columns">How many columns to either side it looks: 2 to 16.</param>
/// <param name="Hidden">Units of the first layer: a multiple of 16 up to 512.</param>
/// <param name="Hidden2">Units of the second layer: a multiple of 16 up to 512.</param>
public sealed record PixelShape(int Rows, int Columns, int Hidden, int Hidden2)
{
    /// <summary>Units of the last layer, from which every decision is made.</summary>
    internal const int Hidden3 = IntegerLayer.MostOutputs;

    /// <summary>Decisions that the network knows: whether there is ink at all, and the 255 of a tree over the grey levels.</summary>
    internal const int Nodes = 256;

    /// <summary>How far a pixel sees what its neighbours are exactly, where the rest of the window says only how dark they are.</summary>
    internal const int Near = 2;

    /// <summary>Numbers for each pixel of the window (grey, ink), and further ones for each near by (grey squared, and which of the four darkest levels it has).</summary>
    internal const int Features = 2, NearFeatures = 5;

    /// <summary>The lowest of the levels that count as full ink: the digits' darkest differ from one to the next.</summary>
    internal const int FullInk = 252;

    /// <summary>Pixels of the window.</summary>
    internal int Window => Rows * (2 * Columns + 1) + Columns;

    /// <summary>Numbers that the first layer takes, filled up to an even one.</summary>
    internal int Inputs => (Window * Features + (Near * (2 * Near + 1) + Near) * NearFeatures + 1) / 2 * 2;

    /// <summary>Refuses measures that no model can have.</summary>
    /// <exception cref="ArgumentException">A measure is out of bounds; the message names it.</exception>
    public void Check()
    {
        Require(Rows is >= Near and <= 27, nameof(Rows), Rows, "2 to 27");
        Require(Columns is >= Near and <= 16, nameof(Columns), Columns, "2 to 16");
        Require(Hidden is > 0 and <= 512 && Hidden % 16 == 0, nameof(Hidden), Hidden, "a multiple of 16 up to 512");
        Require(Hidden2 is > 0 and <= 512 && Hidden2 % 16 == 0, nameof(Hidden2), Hidden2, "a multiple of 16 up to 512");
    }

    private static void Require(bool holds, string name, int value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"A pixel model's {name} is {allowed}, not {value}.", name);
        }
    }
}
