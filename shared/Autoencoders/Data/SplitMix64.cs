namespace Autoencoders.Data;

/// <summary>A small random generator whose numbers are the same on every platform and in every version of .NET.</summary>
/// <param name="state">The seed; every value gives another sequence.</param>
/// <remarks>G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal struct SplitMix64(ulong state)
{
    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        state += 0x9e3779b97f4a7c15;
        var mixed = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, but not including, <paramref name="bound"/>.</summary>
    public int NextBelow(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Puts <paramref name="values"/> into a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextBelow(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
