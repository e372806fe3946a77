using static TorchSharp.torch;

namespace Autoencoders.Models;

/// <summary>Arranges tensors in memory with the channels of a pixel side by side, which convolutions on a CPU run fastest on.</summary>
/// <remarks>
/// TorchSharp has no switch for this memory format, but strides carry it: once weights and input have it, every
/// convolution, pooling and upsampling keeps it. Shapes and values stay as they are.
/// </remarks>
public static class ChannelsLast
{
    /// <summary>Rearranges every four-dimensional weight of <paramref name="model"/> in place.</summary>
    /// <param name="model">Any network; its parameters stay the same objects.</param>
    public static void Arrange(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var weight in model.parameters().Where(p => p.dim() == 4))
        {
            weight.set_(Arrange(weight));
        }
    }

    /// <summary>The same tensor, channels last.</summary>
    /// <param name="tensor">(N, C, H, W).</param>
    /// <returns>A tensor of the same shape and values; for one channel a view, since both orders are the same there.</returns>
    /// <exception cref="ArgumentException">The tensor has not four dimensions.</exception>
    public static Tensor Arrange(Tensor tensor)
    {
        if (tensor.dim() != 4)
        {
            throw new ArgumentException($"Channels can be last in a tensor (N, C, H, W), not in one of the shape ({string.Join(", ", tensor.shape)}).", nameof(tensor));
        }

        var (channels, height, width) = (tensor.shape[1], tensor.shape[2], tensor.shape[3]);
        if (channels == 1)
        {
            using var packed = tensor.contiguous();
            return packed.as_strided(tensor.shape, [height * width, 1, width, 1], packed.storage_offset());
        }

        using var last = tensor.permute(0, 2, 3, 1);
        using var copy = last.contiguous();
        return copy.permute(0, 3, 1, 2);
    }
}
