using System.ComponentModel;
using System.Globalization;
using Autoencoders.Data;

namespace Autoencoders.Benchmarks;

/// <summary>The same network in PyTorch, if this machine has it: Debian's package is <c>python3-torch</c>.</summary>
internal static class PyTorchLoop
{
    /// <summary>Images a second, channels last, with as many threads as there are cores; empty without PyTorch.</summary>
    public static IEnumerable<double> Measure()
    {
        var images = Path.Combine(ProjectFolder.Artifacts, "pytorch-images.bin");
        AtomicFile.Write(images, stream => stream.Write(MnistDataset.Load().Train.Take(TrainingStep.Images).Pixels));
        try
        {
            string[] arguments = [Path.Combine(ProjectFolder.Root, "tests", "Autoencoders.Benchmarks", "pytorch_loop.py"), images, $"{TrainingStep.BatchSize}", $"{TrainingStep.Epochs}", $"{Environment.ProcessorCount}"];
            return [double.Parse(ChildProcess.Run([], "python3", arguments), CultureInfo.InvariantCulture)];
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Console.WriteLine($"  no PyTorch to compare with: {e.Message}");
            return [];
        }
        finally
        {
            File.Delete(images);
        }
    }
}
