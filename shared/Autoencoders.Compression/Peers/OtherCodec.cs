using System.Globalization;

namespace Autoencoders.Compression;

/// <summary>A point of a codec that this project cannot run.</summary>
/// <param name="Codec">Such as <c>AVIF</c>.</param>
/// <param name="Mode"><c>single</c>, one file for each digit, or <c>mosaic</c>, all in one picture.</param>
/// <param name="Setting">The quality, or the number of levels.</param>
/// <param name="BytesPerImage">Bytes a digit, headers included.</param>
/// <param name="PsnrDb">From the mean squared error over the 10,000 test digits, in decibels.</param>
/// <param name="Ssim">Structural similarity.</param>
public sealed record OtherCodec(string Codec, string Mode, string Setting, double BytesPerImage, double PsnrDb, double Ssim)
{
    private const int LongestFile = 1 << 20, Fields = 7;

    /// <summary>The points in <c>data/other-codecs.csv</c>; how they were measured is told in <c>data/other-codecs.md</c>.</summary>
    /// <exception cref="FormatException">The file was changed, and a line no longer holds a point; the message names it.</exception>
    public static IReadOnlyList<OtherCodec> Load() => Read(Path.Combine(ProjectFolder.Data, "other-codecs.csv"));

    /// <summary>The points in a file of at most 1 MiB: a line of titles, then a point a line.</summary>
    internal static IReadOnlyList<OtherCodec> Read(string path) => new FileInfo(path).Length <= LongestFile
        ? [.. File.ReadLines(path).Skip(1).Select((line, index) => Parse(line) ?? throw new FormatException($"{path} holds no point of a codec in line {index + 2}."))]
        : throw new FormatException($"{path} is longer than {LongestFile} bytes.");

    private static OtherCodec? Parse(string line)
    {
        var fields = line.Split(',');
        double[] numbers = [.. fields.Skip(3).Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)];
        return fields.Length == Fields && numbers.All(double.IsFinite) ? new OtherCodec(fields[0], fields[1], fields[2], numbers[0], numbers[1], numbers[2]) : null;
    }
}
