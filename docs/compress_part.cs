// Compresses one part of an IDX file of 28x28 images into a .cae file, so that any number of processes and machines can share the work:
//
//     dotnet run docs/compress_part.cs -- PART COUNT IMAGES OUTPUT [QUALITY]
//
// PART is 0 to COUNT - 1; the parts one after the other are the whole. How to use it: more-than-one-machine.md.
#:project ../shared/Autoencoders.Compression/Autoencoders.Compression.csproj
#:property PublishAot=false
using System.Buffers.Binary;
using System.Diagnostics;
using Autoencoders;
using Autoencoders.Compression;
using Autoencoders.Data;

const int Side = 28, HeaderLength = 16;

if (args.Length is not (4 or 5) || !int.TryParse(args[0], out var part) || !int.TryParse(args[1], out var count) || part < 0 || part >= count
    || !int.TryParse(args.ElementAtOrDefault(4) ?? "25", out var quality) || !ImageCodec.Qualities.Contains(quality))
{
    return Fail($"Usage: compress_part PART COUNT IMAGES OUTPUT [QUALITY], where PART is 0 to COUNT - 1 and QUALITY one of {string.Join(", ", ImageCodec.Qualities)}; 25 if none is given.");
}

var (input, output) = (args[2], args[3]);
if (!File.Exists(input))
{
    return Fail($"There is no file {input}.");
}

using var file = File.OpenRead(input);
var header = new byte[HeaderLength];
file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
var total = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
if (header is not [0, 0, 8, 3, _, _, _, _, 0, 0, 0, Side, 0, 0, 0, Side] || file.Length != HeaderLength + (long)total * Side * Side)
{
    return Fail($"{input} is no whole IDX file of {Side}x{Side} images; one that is gzipped has to be unpacked first (gunzip -k).");
}

// Only this part is read, however large the file is.
var (first, end) = ((long)total * part / count, (long)total * (part + 1) / count);
if (end - first > CompressedImages.LargestCount)
{
    return Fail($"A .cae file holds at most {CompressedImages.LargestCount} images, and this part has {end - first}: COUNT must be at least {(total - 1) / CompressedImages.LargestCount + 1}.");
}

var images = (int)(end - first);
var pixels = new byte[images * Side * Side];
file.Position = HeaderLength + first * Side * Side;
file.ReadExactly(pixels);
var clock = Stopwatch.StartNew();
using var codec = ImageCodec.Load(quality);
var bytes = codec.Encode(new ImageSet(pixels, new byte[images], Side, Side));
AtomicFile.Write(output, stream => stream.Write(bytes));
Console.WriteLine(FormattableString.Invariant(
    $"{output}: {images} images from {first} on, {bytes.Length} bytes, {images / clock.Elapsed.TotalSeconds:F0} images/s"));
return 0;

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}
