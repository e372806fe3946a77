namespace Autoencoders.Compression;

/// <summary>
/// What a pixel's prediction may look at: the pixels before it, row by row, of the one image. Training and coding both go
/// through an image with this, so that neither can see a pixel before its turn.
/// </summary>
internal sealed class PixelHistory
{
    /// <summary>Pixels along the side of an image, and the unit of the numbers: 256 stands for 1.</summary>
    public const int Side = 28, Unit = 256;

    /// <summary>How many indices describe a pixel's place; all of them count rows of one table, which has <see cref="Places"/>.</summary>
    public const int PlaceIndices = 7;

    /// <summary>Rows of the table of places.</summary>
    public const int Places = FirstLast + Levels;

    // One part of the table for each index: the pixel's row and column; how many rows ago ink began; how far the leftmost and
    // the rightmost ink above are; the darkest level so far; the last one of full ink.
    private const int Levels = 6, Distances = 2 * Side + 1;
    private const int FirstSince = 2 * Side, FirstLeft = FirstSince + Side + 1, FirstRight = FirstLeft + Distances, FirstDarkest = FirstRight + Distances, FirstLast = FirstDarkest + Levels;

    private readonly PixelShape _shape;
    private readonly int _width, _nearWidth;
    private readonly short[] _planes, _near;
    private readonly ulong[] _ink = new ulong[Side];
    private int _left, _right, _inkRow, _leftHere, _rightHere, _darkest, _last;

    public PixelHistory(PixelShape shape)
    {
        _shape = shape;
        (_width, _nearWidth) = (Side + 2 * shape.Columns, Side + 2 * PixelShape.Near);
        _planes = new short[PixelShape.Features * (Side + shape.Rows) * _width];
        _near = new short[PixelShape.NearFeatures * (Side + PixelShape.Near) * _nearWidth];
        Start();
    }

    /// <summary>The row of the next pixel; 28 after the last.</summary>
    public int Row { get; private set; }

    /// <summary>The column of the next pixel.</summary>
    public int Column { get; private set; }

    /// <summary>Whether there is any ink in the next pixel's window.</summary>
    public bool SeesInk => HasInk(_shape.Rows, _shape.Columns);

    /// <summary>Whether there is any near by.</summary>
    public bool SeesInkNear => HasInk(PixelShape.Near, PixelShape.Near);

    /// <summary>Begins an image.</summary>
    public void Start()
    {
        Array.Clear(_planes);
        Array.Clear(_near);
        Array.Clear(_ink);
        (Row, Column, _inkRow, _left, _right, _leftHere, _rightHere, _darkest, _last) = (0, 0, -1, Side, -1, Side, -1, 0, 0);
    }

    /// <summary>The window of the next pixel: numbers from 0 to <see cref="Unit"/>.</summary>
    /// <param name="inputs">As many as the shape has inputs.</param>
    public void CopyWindow(Span<short> inputs)
    {
        var taken = CopyPlanes(_planes, PixelShape.Features, _shape.Rows, _shape.Columns, _width, inputs);
        taken += CopyPlanes(_near, PixelShape.NearFeatures, PixelShape.Near, PixelShape.Near, _nearWidth, inputs[taken..]);
        inputs[taken..].Clear();
    }

    /// <summary>The rows of the table of places that belong to the next pixel.</summary>
    /// <param name="places">Takes <see cref="PlaceIndices"/> numbers.</param>
    public void CopyPlaces(Span<int> places)
    {
        places[0] = Row;
        places[1] = Side + Column;
        places[2] = FirstSince + (_inkRow < 0 ? 0 : Row - _inkRow);
        places[3] = FirstLeft + (_inkRow < 0 ? 0 : Column - _left + Side);
        places[4] = FirstRight + (_inkRow < 0 ? 0 : _right - Column + Side);
        places[5] = FirstDarkest + _darkest;
        places[6] = FirstLast + _last;
    }

    /// <summary>Goes on to the pixel behind the next one.</summary>
    /// <param name="value">The next one's grey level.</param>
    public void Take(byte value)
    {
        if (value != 0)
        {
            Spread(value);
        }

        if (++Column == Side)
        {
            EndRow();
        }
    }

    private bool HasInk(int rows, int columns)
    {
        var window = ((1ul << (2 * columns + 1)) - 1) << Column;
        var ink = _ink[Row] << columns;
        for (var row = Math.Max(0, Row - rows); row < Row; row++)
        {
            ink |= _ink[row] << columns;
        }

        return (ink & window) != 0;
    }

    private void Spread(int value)
    {
        var (planes, plane) = ((Row + _shape.Rows) * _width + Column + _shape.Columns, (Side + _shape.Rows) * _width);
        _planes[planes] = (short)value;
        _planes[planes + plane] = Unit;
        var (near, nearPlane) = ((Row + PixelShape.Near) * _nearWidth + Column + PixelShape.Near, (Side + PixelShape.Near) * _nearWidth);
        _near[near] = (short)(value * value / Unit);
        var level = Math.Max(0, value - PixelShape.FullInk + 1);
        if (level > 0)
        {
            _near[near + level * nearPlane] = Unit;
            _last = level;
        }

        _darkest = Math.Max(_darkest, 1 + level);
        _ink[Row] |= 1ul << Column;
        (_leftHere, _rightHere) = (Math.Min(_leftHere, Column), Math.Max(_rightHere, Column));
    }

    private void EndRow()
    {
        if (_rightHere >= 0)
        {
            _inkRow = _inkRow < 0 ? Row : _inkRow;
            (_left, _right, _leftHere, _rightHere) = (Math.Min(_left, _leftHere), Math.Max(_right, _rightHere), Side, -1);
        }

        (Row, Column) = (Row + 1, 0);
    }

    private int CopyPlanes(short[] planes, int count, int rows, int columns, int width, Span<short> inputs)
    {
        var (taken, window) = (0, 2 * columns + 1);
        for (var plane = 0; plane < count; plane++)
        {
            var corner = (plane * (Side + rows) + Row) * width + Column;
            for (var row = 0; row <= rows; row++)
            {
                var length = row < rows ? window : columns;
                planes.AsSpan(corner + row * width, length).CopyTo(inputs[taken..]);
                taken += length;
            }
        }

        return taken;
    }
}
