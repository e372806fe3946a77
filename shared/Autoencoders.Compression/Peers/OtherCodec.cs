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
    /// <summary>The points in <c>data/other-codecs.csv</c>; how they were measured is told in <c>data/other-codecs.md</c>.</summary>
    public static IReadOnlyList<OtherCodec> Load() =>
        [.. File.ReadLines(Path.Combine(ProjectFolder.Data, "other-codecs.csv")).Skip(1).Select(Parse)];

    private static OtherCodec Parse(string line)
    {
        var fields = line.Split(',');
        return new OtherCodec(fields[0], fields[1], fields[2], Number(fields[3]), Number(fields[4]), Number(fields[5]));
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
