using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Autoencoders.Fuzz;

/// <summary>Makes inputs for a target: each depends on nothing but the seed and its number.</summary>
internal sealed class InputGenerator(FuzzTarget target, int seed)
{
    private const int Longest = 1 << 18, MostChanges = 5, HeaderLength = 128;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 3, 7, 8, 15, 16, 27, 28, 64, 127, 128, 255, 256, 1000, short.MaxValue, 1 << 15, ushort.MaxValue, 1 << 16, 1 << 17, (1 << 17) + 1, 1 << 24,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue, long.MinValue,
    ];

    private readonly byte[][] _seeds = [.. target.Seeds, .. target.Corpus.Select(file => file.Value)];

    /// <summary>The input with this number.</summary>
    public byte[] Input(int number)
    {
        var random = new Random(unchecked(seed * 1_000_003 + number));
        var input = target.Generate is not null && random.Next(3) == 0 ? target.Generate(random) : _seeds[random.Next(_seeds.Length)];
        for (var changes = random.Next(target.Generate is null ? 1 : 0, MostChanges); changes > 0; changes--)
        {
            input = Changed(input, random);
        }

        return target.Repair is not null && random.Next(2) == 0 ? target.Repair(input) : input;
    }

    private byte[] Changed(byte[] input, Random random)
    {
        // Half of the changes go where headers are.
        var at = random.Next(Math.Min(input.Length, random.Next(2) == 0 ? HeaderLength : int.MaxValue) + 1);
        var length = Math.Min(random.Next(1, 1 + (1 << random.Next(10))), input.Length - at);
        byte[] changed = random.Next(12) switch
        {
            0 or 1 => With(input, at, [(byte)(at < input.Length ? input[at] ^ (1 << random.Next(8)) : 0)]),
            2 => With(input, at, [(byte)random.Next(256)]),
            3 or 4 => With(input, at, Binary(random)),
            5 => input[..at],
            6 => [.. input[..at], .. Bytes(random), .. input[at..]],
            7 => [.. input[..at], .. input[(at + length)..]],
            8 => [.. input[..at], .. Enumerable.Repeat(input[at..(at + length)], random.Next(1, 30)).SelectMany(part => part), .. input[at..]],
            9 => Spliced(input[..at], _seeds[random.Next(_seeds.Length)], random),
            10 => WithNumber(input, at, random),
            _ => target.Words.Count == 0 ? [.. input, .. Bytes(random)] : [.. input[..at], .. Encoding.UTF8.GetBytes(target.Words[random.Next(target.Words.Count)]), .. input[at..]],
        };
        return changed.Length <= Longest ? changed : changed[..Longest];
    }

    private static byte[] With(byte[] input, int at, byte[] bytes) => [.. input[..at], .. bytes, .. input[Math.Min(input.Length, at + bytes.Length)..]];

    private static byte[] Spliced(byte[] start, byte[] other, Random random) => [.. start, .. other[random.Next(other.Length + 1)..]];

    private static byte[] Binary(Random random)
    {
        var (bytes, size) = (new byte[8], 1 << random.Next(4));
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Numbers[random.Next(Numbers.Length)]);
        return random.Next(2) == 0 ? bytes[..size] : [.. bytes[..size].Reverse()];
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(1, 40)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
        }

        return bytes;
    }

    // Replaces the first number, in digits, from there on.
    private static byte[] WithNumber(byte[] input, int at, Random random)
    {
        var first = input.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (first < 0)
        {
            return input;
        }

        first += at;
        var length = input.AsSpan(first).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return [.. input[..first], .. Encoding.ASCII.GetBytes(Text(random)), .. length < 0 ? [] : input[(first + length)..]];
    }

    private static string Text(Random random) => random.Next(8) switch
    {
        0 => "NaN",
        1 => "1e400",
        2 => "0.5",
        3 => new string('9', 40),
        _ => Numbers[random.Next(Numbers.Length)].ToString(CultureInfo.InvariantCulture),
    };
}
