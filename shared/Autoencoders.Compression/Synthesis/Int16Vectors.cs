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

    /// <summary>Adds numbers, or takes them away, to or from as many sums, a multiple of 16; neither is checked for its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref short sums, ref short numbers, int count, int sign = 1)
    {
        nuint i = 0;
        for (; i + (nuint)Vector512<short>.Count <= (nuint)count; i += (nuint)Vector512<short>.Count)
        {
            var (sum, number) = (Vector512.LoadUnsafe(ref sums, i), Vector512.LoadUnsafe(ref numbers, i));
            (sign > 0 ? sum + number : sum - number).StoreUnsafe(ref sums, i);
        }

        if (i < (nuint)count)
        {
            var (sum, number) = (Vector256.LoadUnsafe(ref sums, i), Vector256.LoadUnsafe(ref numbers, i));
            (sign > 0 ? sum + number : sum - number).StoreUnsafe(ref sums, i);
        }
    }

    /// <summary>All numbers added up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Sum(Vector512<int> numbers)
    {
        var eight = numbers.GetLower() + numbers.GetUpper();
        var four = eight.GetLower() + eight.GetUpper();
        four += Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return four.ToScalar() + four.GetElement(1);
    }

    /// <summary>Sums to as many activations, a multiple of 16: cut off at 0 and <paramref name="largest"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rectify(ref short sums, Span<short> activations, short largest)
    {
        ref var activation = ref MemoryMarshal.GetReference(activations);
        for (nuint i = 0; i < (nuint)activations.Length; i += (nuint)Vector256<short>.Count)
        {
            Vector256.Min(Vector256.Max(Vector256.LoadUnsafe(ref sums, i), Vector256<short>.Zero), Vector256.Create(largest)).StoreUnsafe(ref activation, i);
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
