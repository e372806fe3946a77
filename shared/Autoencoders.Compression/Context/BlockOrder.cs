namespace Autoencoders.Compression;

/// <summary>
/// Reorders square images from 7x7 blocks of numbers, in which the pixels of a block lie side by side, to rows of bytes:
/// what <c>pixel_shuffle</c> does to tensors with the channels last.
/// </summary>
/// <param name="side">Pixels along the side of a block.</param>
internal sealed class BlockOrder(int side)
{
    private const int Blocks = 7;

    private readonly int[] _placeInBlocks = [.. Enumerable.Range(0, Blocks * side * Blocks * side).Select(pixel => Place(pixel, side))];

    /// <summary>From blocks to rows.</summary>
    /// <param name="blocks">Images, block by block.</param>
    /// <param name="rows">As many values, row by row: the nearest whole numbers from 0 to <paramref name="largest"/>.</param>
    /// <param name="factor">What each value is multiplied by first.</param>
    /// <param name="largest">At most 255.</param>
    public void ToRows(ReadOnlySpan<float> blocks, Span<byte> rows, float factor, float largest)
    {
        for (var image = 0; image < blocks.Length; image += _placeInBlocks.Length)
        {
            var target = image;
            var source = blocks.Slice(image, _placeInBlocks.Length);
            foreach (var place in _placeInBlocks)
            {
                rows[target++] = (byte)MathF.Round(Math.Clamp(source[place] * factor, 0, largest));
            }
        }
    }

    private static int Place(int pixel, int side)
    {
        var (row, column) = Math.DivRem(pixel, Blocks * side);
        return (row / side * Blocks + column / side) * side * side + row % side * side + column % side;
    }
}
