using Autoencoders.Data;

namespace Autoencoders.Tests.Data;

/// <summary>The complete set, which is too large to come with the project.</summary>
internal static class CompleteMnist
{
    /// <summary>The folder that MNIST_DIR names; without it, the calling test is skipped.</summary>
    public static string FolderOrSkip()
    {
        var folder = Environment.GetEnvironmentVariable(MnistDataset.FolderVariable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "MNIST_DIR is not set: this test needs the complete MNIST set.");
        return Path.GetFullPath(folder!, ProjectFolder.Root);
    }
}
