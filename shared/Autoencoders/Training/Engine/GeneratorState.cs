using System.Buffers.Binary;

namespace Autoencoders.Training;

/// <summary>The bytes of a random generator on the CPU. libtorch ends the process where it is given others than those of one.</summary>
/// <remarks>
/// Layout, from aten/src/ATen/CPUGeneratorImpl.cpp of PyTorch 2.10: the seed, 8 bytes; how many words are left, 4; whether it is seeded, 4;
/// which word comes next, 8; 624 words of 8 bytes; and 40 bytes of a normal number that was drawn and not used, any of which will do.
/// </remarks>
internal static class GeneratorState
{
    private const int Length = 5056, Left = 8, Seeded = 12, Next = 16, Words = 624;

    /// <summary>Whether a generator can go on from these bytes, and reads no word beyond its own.</summary>
    public static bool IsValid(ReadOnlySpan<byte> state)
    {
        if (state.Length != Length || BinaryPrimitives.ReadInt32LittleEndian(state[Seeded..]) == 0)
        {
            return false;
        }

        // A new generator makes its words when the first is asked for; then each that is taken is one less that is left.
        var (left, next) = (BinaryPrimitives.ReadInt32LittleEndian(state[Left..]), BinaryPrimitives.ReadUInt64LittleEndian(state[Next..]));
        return (left == 1 && next == 0) || (left is > 0 and <= Words && next == (ulong)(Words + 1 - left));
    }
}
