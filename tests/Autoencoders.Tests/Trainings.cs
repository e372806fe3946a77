using TorchSharp;

namespace Autoencoders.Tests;

/// <summary>What tests of training look at.</summary>
internal static class Trainings
{
    /// <summary>All weights of a model, to the bit.</summary>
    public static byte[] BytesOf(torch.nn.Module model) => [.. model.parameters().SelectMany(p => p.detach().contiguous().bytes.ToArray())];

    /// <summary>A training that must fail, for a mistake that the message names.</summary>
    public static void Names(string message, Action fit)
    {
        var error = Record.Exception(fit);

        Assert.True(error is ArgumentException or InvalidOperationException, $"{error}");
        Assert.Contains(message, error.Message);
        Assert.DoesNotContain("learning rate", error.Message);
        Assert.DoesNotContain("frame #", error.ToString());
    }
}
