namespace Autoencoders.Compression;

/// <summary>The measures of a context model.</summary>
/// <param name="Grid">Symbols in a row and rows in an image: 14 or 28.</param>
/// <param name="Levels">Symbols are 0, the background, to <paramref name="Levels"/> - 1.</param>
/// <param name="Rows">How many rows above a cell it looks.</param>
/// <param name="Columns">How many columns to either side it looks.</param>
/// <param name="Hidden">Units of the first layer: a multiple of 16.</param>
/// <param name="Hidden2">Units of the second layer: 8, 16, 24 or 32.</param>
public sealed record ContextShape(int Grid, int Levels, int Rows, int Columns, int Hidden, int Hidden2)
{
    /// <summary>Symbols of an image.</summary>
    public int Cells => Grid * Grid;

    /// <summary>Places in the window, those at and behind the cell itself, which stay empty, included.</summary>
    public int WindowSize => (Rows + 1) * (2 * Columns + 1);

    /// <summary>Columns of a row with the margins that the window of its outermost cells reaches into.</summary>
    internal int PaddedGrid => Grid + 2 * Columns;

    /// <summary>Refuses measures that no model can have.</summary>
    /// <exception cref="ArgumentException">A measure is out of bounds; the message names it.</exception>
    public void Check()
    {
        Require(Grid is 14 or 28, nameof(Grid), Grid, "14 or 28");
        Require(Levels is >= 2 and <= 256, nameof(Levels), Levels, "2 to 256");
        Require(Rows >= 1 && Rows < Grid, nameof(Rows), Rows, "1 to Grid - 1");
        Require(Columns >= 1 && Columns < Grid && PaddedGrid <= 64, nameof(Columns), Columns, "1 to Grid - 1, and at most 18");
        Require(Hidden is > 0 and <= 1024 && Hidden % 16 == 0, nameof(Hidden), Hidden, "a multiple of 16 up to 1024");
        Require(Hidden2 is > 0 and <= IntegerLayer.MostOutputs && Hidden2 % 8 == 0, nameof(Hidden2), Hidden2, $"a multiple of 8 up to {IntegerLayer.MostOutputs}");
    }

    private static void Require(bool holds, string name, int value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"A context model's {name} is {allowed}, not {value}.", name);
        }
    }
}
