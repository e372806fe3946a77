using System.Text.Json.Nodes;
using SkiaSharp;
using static TorchSharp.torch;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace Autoencoders.Display;

/// <summary>The plane of a code of two numbers: its decoder draws what the pointer is on, and the way between two points, in the browser.</summary>
public sealed class LatentPlane : LiveFigure
{
    private const int Margin = 8, Stops = 10, Side = 28, Scale = 2, Width = Stops * Side * Scale, Height = 400;
    private const int Most = 2000;
    private const double Tail = 0.005, Rim = 0.08;

    private LatentPlane(string hint, JsonObject data, byte[] still)
        : base("latent-plane", "Walk the latent plane", hint, data, still)
    {
    }

    /// <summary>A map of codes.</summary>
    /// <param name="decoder">A trained network of plain layers from codes (N, 2) to logits (N, 1, 28, 28). It is sent along whole: 50,000 weights make 130 KB.</param>
    /// <param name="codes">(N, 2): a point of the map for each of the first 2,000 images; the few that lie far outside are left out.</param>
    /// <param name="labels">The digit of each image.</param>
    /// <exception cref="ArgumentException">The codes are no pairs, there is not one label for each, or the decoder has layers that the figure cannot compute.</exception>
    public static LatentPlane Of(Network decoder, Tensor codes, IReadOnlyList<byte> labels)
    {
        if (codes.dim() != 2 || codes.shape[1] != 2 || codes.shape[0] != labels.Count || labels.Count == 0 || labels.Max() > 9)
        {
            throw new ArgumentException($"A plane needs codes of the shape (N, 2) and a digit for each; these are ({string.Join(", ", codes.shape)}) and {labels.Count} digits.", nameof(codes));
        }

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var points = codes.detach().cpu().to(float32).contiguous();
        var values = points.data<float>().ToArray();
        var (x, y) = (Range(values, 0), Range(values, 1));
        var inside = Enumerable.Range(0, Math.Min(Most, labels.Count)).Where(i => Within(values[2 * i], x) && Within(values[2 * i + 1], y)).ToArray();
        var shown = points[tensor(Array.ConvertAll(inside, i => (long)i))];
        var homes = Homes(shown, [.. inside.Select(i => labels[i])], (x.High - x.Low) / 20);
        var way = new[] { homes.MinBy(h => h.Code[0]).Code, homes.MaxBy(h => h.Code[0]).Code };

        var data = new JsonObject
        {
            ["decoder"] = LiveNetwork.Export(decoder, points.narrow(0, 0, 1)),
            ["points"] = LiveNetwork.Halves(shown),
            ["labels"] = string.Concat(inside.Select(i => (char)('0' + labels[i]))),
            ["colours"] = new JsonArray([.. Enumerable.Range(0, 10).Select(digit => JsonValue.Create(Palette.Of(digit)))]),
            ["homes"] = new JsonArray([.. homes.Select(h => new JsonObject { ["digit"] = h.Digit, ["code"] = Pair(h.Code) })]),
            ["view"] = new JsonArray(x.Low, x.High, y.Low, y.High),
            ["way"] = new JsonArray([.. way.Select(Pair)]),
        };
        return new("Move over the map to see what the decoder draws there, and drag from one digit to another to see the way between them. Where does a 4 become a 9?",
            data, Still());

        byte[] Still()
        {
            var steps = linspace(0, 1, Stops).unsqueeze(1);
            var drawn = decoder.call((1 - steps) * tensor(way[0]) + steps * tensor(way[1])).sigmoid().cpu().contiguous().data<float>().ToArray();
            SKPoint At(float a, float b) => new(Margin + Width * (a - x.Low) / (x.High - x.Low), Margin + Height * (y.High - b) / (y.High - y.Low));
            return Drawing.Png(2 * Margin + Width, 3 * Margin + Height + Side * Scale, drawing =>
            {
                foreach (var i in inside)
                {
                    // Whole pixels without transparency, since the picture is to be small.
                    var at = At(values[2 * i], values[2 * i + 1]);
                    drawing.Fill((int)at.X - 1, (int)at.Y - 1, 3, 3, SKColor.Parse(Palette.Of(labels[i])));
                }

                drawing.Line([At(way[0][0], way[0][1]), At(way[1][0], way[1][1])], Palette.Ink, 2, [6, 4]);
                using var paper = new SKPaint { Color = Palette.Paper, IsAntialias = true };
                foreach (var (digit, code) in homes)
                {
                    var at = At(code[0], code[1]);
                    drawing.Canvas.DrawCircle(at, 10, paper);
                    drawing.Text($"{digit}", (int)at.X, (int)at.Y - PixelFont.Height / 2, 0.5, SKColor.Parse(Palette.Of(digit)), bold: true);
                }

                for (var i = 0; i < drawn.Length; i++)
                {
                    var (stop, pixel) = Math.DivRem(i, Side * Side);
                    drawing.Fill(Margin + (stop * Side + pixel % Side) * Scale, 2 * Margin + Height + pixel / Side * Scale, Scale, Scale, ColorMap.Gray.At(drawn[i]));
                }
            });
        }
    }

    // From quantile to quantile, since one far point would make the map of all others small, and a rim around.
    private static (float Low, float High) Range(float[] values, int axis)
    {
        var sorted = values.Where((_, i) => i % 2 == axis).Order().ToArray();
        var (low, high) = (sorted[(int)(Tail * (sorted.Length - 1))], sorted[(int)((1 - Tail) * (sorted.Length - 1))]);
        var rim = (float)Rim * Math.Max(high - low, 1e-3f);
        return (low - rim, high + rim);
    }

    private static bool Within(float value, (float Low, float High) range) => value >= range.Low && value <= range.High;

    // For each digit the one of its points that has the most of its own kind about it, and the fewest others.
    private static List<(int Digit, float[] Code)> Homes(Tensor points, byte[] labels, float near)
    {
        var own = nn.functional.one_hot(tensor(Array.ConvertAll(labels, label => (long)label)), 10).to(float32);
        var about = (cdist(points, points) / near).square().neg().exp().mm(own);
        var score = (2 * about - about.sum(1, keepdim: true)).masked_fill(own.eq(0), float.NegativeInfinity);
        var best = score.argmax(0).data<long>().ToArray();
        return [.. labels.Distinct().Order().Select(digit => ((int)digit, points[best[digit]].data<float>().ToArray()))];
    }

    private static JsonArray Pair(float[] code) => new(code[0], code[1]);
}
