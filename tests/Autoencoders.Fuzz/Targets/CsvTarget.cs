using System.Text;
using Autoencoders.Compression;

namespace Autoencoders.Fuzz.Targets;

internal static class CsvTarget
{
    public static FuzzTarget Create() => new(
        "csv",
        typeof(FormatException),
        FuzzTarget.FromFile("input.csv", path => OtherCodec.Read(path).Count),
        [Encoding.UTF8.GetBytes("codec,mode,setting,bytes_per_image,psnr_db,ssim,bce\nAVIF,mosaic,cq10,190.458,49.991,0.99875,0.059428\nJPEG XL,single,d1,90,30,0.9,0.06\n")])
    {
        Words = [",", "\n", "\r\n", "\"", "NaN", "Infinity", "1e999", "\ufeff"],
    };
}
