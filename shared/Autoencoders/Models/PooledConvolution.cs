using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Lanes = System.Numerics.Vector<float>;

namespace Autoencoders.Models;

/// <summary>
/// A 3x3 convolution of one channel, the maximum of every 2x2 pixels, and ReLU, in one pass: what an encoder of grey images begins with.
/// </summary>
/// <remarks>
/// Layer by layer, most of the time goes into memory: the convolution writes a value for each pixel and channel, pooling reads them all to
/// keep a quarter, and the way back writes as many again, three quarters of them zeros. Here the four values that compete stay in registers.
/// The gradient is the layers' own: it goes to the first of the largest values, and to none where ReLU gives 0.
/// </remarks>
internal sealed class PooledConvolution : autograd.SingleTensorFunction<PooledConvolution>
{
    private const int Taps = 9;

    /// <inheritdoc/>
    public override string Name => nameof(PooledConvolution);

    /// <summary>Whether this class computes what these layers, and ReLU between or behind them, do.</summary>
    public static bool Fits(Conv2d layer, MaxPool2d pool) => layer is { in_channels: 1, bias: not null } && layer.out_channels % Lanes.Count == 0 && NarrowConvolution.IsPlain(layer)
        && NarrowConvolution.Is(pool.kernel_size, 2) && NarrowConvolution.Is(pool.stride ?? pool.kernel_size, 2)
        && NarrowConvolution.Is(pool.padding, 0) && NarrowConvolution.Is(pool.dilation, 1) && !pool.ceil_mode;

    /// <summary>Whether it does so for these images: in single precision on the CPU, of even sides, and without a gradient of their own.</summary>
    public static bool Fits(Tensor images, Conv2d layer) =>
        new[] { images, layer.weight }.All(tensor => tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32)
        && images.dim() == 4 && images.shape[1] == 1 && images.shape[2] % 2 == 0 && images.shape[3] % 2 == 0 && !images.requires_grad;

    /// <summary>Convolution, pooling and ReLU.</summary>
    /// <param name="images">(N, 1, H, W).</param>
    /// <param name="layer">One that fits.</param>
    /// <returns>(N, C, H/2, W/2), channels last.</returns>
    public static Tensor Apply(Tensor images, Conv2d layer) => apply(images, layer.weight, layer.bias!);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (images, weight, bias) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[2]);
        long[] shape = [images.shape[0], images.shape[2] / 2, images.shape[3] / 2, weight.shape[0]];
        var (pooled, winners) = (empty(shape), empty(shape, int32));
        Forward(Data<float>(images), new Frame((int)shape[1], (int)shape[2]), Data<float>(weight.reshape(-1, Taps).t().contiguous()), Data<float>(bias), Data<float>(pooled), Data<int>(winners));
        ctx.save_for_backward([images.MoveToOuterDisposeScope(), winners.MoveToOuterDisposeScope()]);
        return pooled.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (images, winners) = (ctx.get_saved_variables()[0], ctx.get_saved_variables()[1]);
        var gradient = grad_output.permute(0, 2, 3, 1).contiguous();
        var (weight, bias) = (zeros(Taps, gradient.shape[3]), zeros(gradient.shape[3]));
        Backward(Data<float>(images), new Frame((int)gradient.shape[1], (int)gradient.shape[2]), Data<int>(winners), Data<float>(gradient), Data<float>(weight), Data<float>(bias));
        return [null!, weight.t().reshape(-1, 1, 3, 3).MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope()];
    }

    private static Span<T> Data<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    // The channels of a pixel lie side by side, a vector of them at a time: pooled and winners are (N, H/2, W/2, C), the taps (9, C).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(ReadOnlySpan<float> images, Frame frame, ReadOnlySpan<float> taps, ReadOnlySpan<float> bias, Span<float> pooled, Span<int> winners)
    {
        var m = bias.Length;
        for (; !images.IsEmpty; images = images[frame.Pixels..], pooled = pooled[(frame.Places * m)..], winners = winners[(frame.Places * m)..])
        {
            frame.Load(images);
            for (var c = 0; c < m; c += Lanes.Count)
            {
                Lanes w0 = new(taps[c..]), w1 = new(taps[(m + c)..]), w2 = new(taps[(2 * m + c)..]), w3 = new(taps[(3 * m + c)..]), w4 = new(taps[(4 * m + c)..]);
                Lanes w5 = new(taps[(5 * m + c)..]), w6 = new(taps[(6 * m + c)..]), w7 = new(taps[(7 * m + c)..]), w8 = new(taps[(8 * m + c)..]), b = new(bias[c..]);
                for (var place = 0; place < frame.Places; place++)
                {
                    var best = Sum(ref frame.Corner(place, 0), frame.Stride, b, w0, w1, w2, w3, w4, w5, w6, w7, w8);
                    var winner = Vector<int>.Zero;
                    for (var k = 1; k < 4; k++)
                    {
                        var next = Sum(ref frame.Corner(place, k), frame.Stride, b, w0, w1, w2, w3, w4, w5, w6, w7, w8);
                        winner = Vector.ConditionalSelect(Vector.GreaterThan(next, best), new Vector<int>(k), winner);
                        best = Vector.Max(best, next);
                    }

                    Vector.Max(best, Lanes.Zero).CopyTo(pooled[(place * m + c)..]);
                    Vector.ConditionalSelect(Vector.LessThanOrEqual(best, Lanes.Zero), new Vector<int>(-1), winner).CopyTo(winners[(place * m + c)..]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(ReadOnlySpan<float> images, Frame frame, ReadOnlySpan<int> winners, ReadOnlySpan<float> gradient, Span<float> taps, Span<float> bias)
    {
        var m = bias.Length;
        for (; !images.IsEmpty; images = images[frame.Pixels..], gradient = gradient[(frame.Places * m)..], winners = winners[(frame.Places * m)..])
        {
            frame.Load(images);
            for (var c = 0; c < m; c += Lanes.Count)
            {
                Lanes w0 = default, w1 = default, w2 = default, w3 = default, w4 = default, w5 = default, w6 = default, w7 = default, w8 = default, b = default;
                for (var place = 0; place < frame.Places; place++)
                {
                    var (all, winner) = (new Lanes(gradient[(place * m + c)..]), new Vector<int>(winners[(place * m + c)..]));
                    for (var k = 0; k < 4; k++)
                    {
                        var g = Vector.ConditionalSelect(Vector.Equals(winner, new Vector<int>(k)), all, Lanes.Zero);
                        ref var top = ref frame.Corner(place, k);
                        ref var middle = ref Unsafe.Add(ref top, frame.Stride);
                        ref var bottom = ref Unsafe.Add(ref middle, frame.Stride);
                        (w0, w1, w2) = (Add(g, ref top, 0, w0), Add(g, ref top, 1, w1), Add(g, ref top, 2, w2));
                        (w3, w4, w5) = (Add(g, ref middle, 0, w3), Add(g, ref middle, 1, w4), Add(g, ref middle, 2, w5));
                        (w6, w7, w8) = (Add(g, ref bottom, 0, w6), Add(g, ref bottom, 1, w7), Add(g, ref bottom, 2, w8));
                        b += g;
                    }
                }

                Keep(taps, m, c, w0, w1, w2, w3, w4, w5, w6, w7, w8);
                Keep(bias, m, c, b);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Sum(ref float p, int stride, Lanes b, Lanes w0, Lanes w1, Lanes w2, Lanes w3, Lanes w4, Lanes w5, Lanes w6, Lanes w7, Lanes w8)
    {
        ref var q = ref Unsafe.Add(ref p, stride);
        ref var r = ref Unsafe.Add(ref q, stride);
        var top = Add(w2, ref p, 2, Add(w1, ref p, 1, Add(w0, ref p, 0, b)));
        var middle = Add(w5, ref q, 2, Add(w4, ref q, 1, Add(w3, ref q, 0, top)));
        return Add(w8, ref r, 2, Add(w7, ref r, 1, Add(w6, ref r, 0, middle)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Add(Lanes factor, ref float pixel, int offset, Lanes sum) => Vector.FusedMultiplyAdd(factor, new Lanes(Unsafe.Add(ref pixel, offset)), sum);

    private static void Keep(Span<float> sums, int channels, int c, params ReadOnlySpan<Lanes> more)
    {
        for (var i = 0; i < more.Length; i++)
        {
            var sum = sums[(i * channels + c)..];
            (new Lanes(sum) + more[i]).CopyTo(sum);
        }
    }

    // An image with a border of zeros, so that no place is a special one; a place is where four values compete.
    private sealed class Frame
    {
        private readonly float[] _pixels;
        private readonly int[] _corners;

        public Frame(int rows, int columns)
        {
            (Columns, Stride) = (columns, 2 * columns + 2);
            _pixels = new float[(2 * rows + 2) * Stride];
            _corners = [.. Enumerable.Range(0, rows * columns).Select(place => 2 * (place / columns * Stride + place % columns))];
        }

        public int Stride { get; }

        public int Places => _corners.Length;

        public int Pixels => 4 * Places;

        private int Columns { get; }

        public void Load(ReadOnlySpan<float> images)
        {
            for (var (y, width) = (0, 2 * Columns); y < Pixels / width; y++)
            {
                images.Slice(y * width, width).CopyTo(_pixels.AsSpan((y + 1) * Stride + 1));
            }
        }

        // The upper left of the nine pixels that value k of a place is computed from.
        public ref float Corner(int place, int k) => ref _pixels[_corners[place] + (k / 2 * Stride) + (k % 2)];
    }
}
