using System.Globalization;

namespace Autoencoders.Compression;

/// <summary>What a compressor without loss that this project cannot run makes of the 10,000 test digits.</summary>
/// <param name="Codec">Such as <c>JPEG XL</c>.</param>
/// <param name="Mode"><c>single</c>, one file for each digit, <c>batch</c>, all together, or <c>published</c>, by its authors.</param>
/// <param name="BitsPerPixel">Everything counted.</param>
public sealed record OtherLossless(string Codec, string Mode, double BitsPerPixel)
{
    /// <summary>The lines of <c>data/other-lossless.csv</c>; where they come from is told in <c>data/other-codecs.md</c>.</summary>
    /// <exception cref="FormatException">The file was changed, and a line no longer holds a codec; the message names it.</exception>
    public static IReadOnlyList<OtherLossless> Load()
    {
        var path = Path.Combine(ProjectFolder.Data, "other-lossless.csv");
        return [.. File.ReadLines(path).Skip(1).Select((line, index) => Parse(line) ?? throw new FormatException($"{path} holds no codec in line {index + 2}."))];
    }

    private static OtherLossless? Parse(string line) =>
        line.Split(',') is [var codec, var mode, var bits] && double.TryParse(bits, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? new(codec, mode, number) : null;
}
