using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Autoencoders.Compression;

/// <summary>Arithmetic on 16-bit integers, many at a time: the same integers on every machine, faster on some.</summary>
internal static class Int16Vectors
{
    /// <summary>The products of neighbours, added up: <c>a[2i] b[2i] + a[2i + 1] b[2i + 1]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> PairProducts(Vector512<short> a, Vector512<short> b)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.MultiplyAddAdjacent(a, b);
        }

        return Avx2.IsSupported
            ? Vector512.Create(Avx2.MultiplyAddAdjacent(a.GetLower(), b.GetLower()), Avx2.MultiplyAddAdjacent(a.GetUpper(), b.GetUpper()))
            : PairProductsPortable(a, b);
    }

    internal static Vector512<int> PairProductsPortable(Vector512<short> a, Vector512<short> b)
    {
        var (bothA, bothB) = (a.AsInt32(), b.AsInt32());
        return ((bothA << 16) >> 16) * ((bothB << 16) >> 16) + (bothA >> 16) * (bothB >> 16);
    }

    /// <summary>Adds <paramref name="numbers"/> to <paramref name="sums"/>, of which there are as many: a multiple of 16.</summary>
    public static void Add(Span<short> sums, ReadOnlySpan<short> numbers)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var number = ref MemoryMarshal.GetReference(numbers[..sums.Length]);
        nuint i = 0;
        for (; i + (nuint)Vector512<short>.Count <= (nuint)sums.Length; i += (nuint)Vector512<short>.Count)
        {
            (Vector512.LoadUnsafe(ref sum, i) + Vector512.LoadUnsafe(ref number, i)).StoreUnsafe(ref sum, i);
        }

        if (i < (nuint)sums.Length)
        {
            (Vector256.LoadUnsafe(ref sum, i) + Vector256.LoadUnsafe(ref number, i)).StoreUnsafe(ref sum, i);
        }
    }

    /// <summary>Sums to activations: cut off at 0 and <paramref name="largest"/>; a multiple of 16 numbers.</summary>
    public static void Rectify(ReadOnlySpan<short> sums, Span<short> activations, short largest)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var activation = ref MemoryMarshal.GetReference(activations[..sums.Length]);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)Vector256<short>.Count)
        {
            Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref sum, i), Vector256<short>.Zero), Vector256.Create(largest)).StoreUnsafe(ref activation, i);
        }
    }

    /// <summary>Sums in 32 bits to activations in 16: shifted, and cut off at 0 and <paramref name="largest"/>; a multiple of 16 numbers.</summary>
    public static void Rectify(ReadOnlySpan<int> sums, Span<short> activations, int shift, short largest)
    {
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var activation = ref MemoryMarshal.GetReference(activations[..sums.Length]);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)Vector512<int>.Count)
        {
            var cut = Vector512.Min(Vector512.Max(Vector512.LoadUnsafe(ref sum, i) >> shift, Vector512<int>.Zero), Vector512.Create((int)largest));
            Vector256.Narrow(cut.GetLower(), cut.GetUpper()).StoreUnsafe(ref activation, i);
        }
    }
}
