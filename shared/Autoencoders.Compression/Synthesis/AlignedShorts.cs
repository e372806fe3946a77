using System.Runtime.CompilerServices;

namespace Autoencoders.Compression;

/// <summary>An array of 16-bit integers that begins on a boundary of 64 bytes, so that no vector of it straddles two cache lines.</summary>
internal sealed class AlignedShorts
{
    private const int Alignment = 64;

    private readonly short[] _array;
    private readonly int _first, _length;

    public AlignedShorts(int length)
    {
        _array = GC.AllocateArray<short>(length + Alignment / sizeof(short), pinned: true);
        _length = length;
        unsafe
        {
            var past = (int)((nint)Unsafe.AsPointer(ref _array[0]) % Alignment);
            _first = (Alignment - past) % Alignment / sizeof(short);
        }
    }

    /// <summary>An aligned copy.</summary>
    public AlignedShorts(ReadOnlySpan<short> values)
        : this(values.Length) => values.CopyTo(Span);

    public Span<short> Span => _array.AsSpan(_first, _length);

    /// <summary>The number at <paramref name="index"/>, which is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref short At(int index) => ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array), _first + index);
}
