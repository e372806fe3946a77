using Autoencoders.Display;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Display.Live;

/// <summary>The live figures in a real Chromium, by mouse, finger and keys, against TorchSharp on the same pixels.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly (double, double)[] Three = [(0.3, 0.2), (0.45, 0.12), (0.62, 0.2), (0.6, 0.35), (0.45, 0.45), (0.64, 0.55), (0.66, 0.72), (0.5, 0.85), (0.3, 0.78)];

    private static readonly (double, double)[] SmallInACorner = [(0.05, 0.06), (0.3, 0.06), (0.1, 0.4)];

    [Fact]
    public async Task The_pad_begins_with_the_first_digit_as_it_is()
    {
        using var digits = TrainedLike.Digits(2);
        await using var page = await chromium.OpenAsync(DrawingPad.Of(TrainedLike.Autoencoder(), digits).ToHtml());

        AssertSame(digits[0], await page.ShownAsync("seen"), 1e-6);
        await page.ClickAsync("Another digit");
        AssertSame(digits[1], await page.ShownAsync("seen"), 1e-6);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task What_the_mouse_draws_is_drawn_again_as_TorchSharp_would()
    {
        using var model = TrainedLike.Autoencoder();
        await using var page = await chromium.OpenAsync(DrawingPad.Of(model, TrainedLike.Digits(1)).ToHtml());
        var before = await page.AskAsync<string>("root.querySelectorAll('canvas')[4].toDataURL()");

        await page.ClickAsync("Clear");
        Assert.Equal(0, (await page.ShownAsync("seen")).sum().item<float>());
        await page.DrawAsync(Three);

        var seen = await page.ShownAsync("seen");
        Assert.InRange(seen.sum().item<float>(), 60, 150);
        AssertSame(model.Reconstruct(seen.reshape(1, 1, 28, 28)), await page.ShownAsync("drawn[0]"), 1e-3);
        Assert.NotEqual(before, await page.AskAsync<string>("root.querySelectorAll('canvas')[4].toDataURL()"));
        Assert.Contains("drawn again", await page.AskAsync<string>("root.querySelectorAll('figcaption')[1].textContent"));
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_drawing_gets_the_size_the_place_and_the_pen_of_MNIST(bool finger)
    {
        await using var page = await chromium.OpenAsync(DrawingPad.Of(TrainedLike.Autoencoder(), TrainedLike.Digits(1)).ToHtml(), width: 390);
        await page.ClickAsync("Clear");
        await (finger ? page.TouchAsync(SmallInACorner) : page.DrawAsync(SmallInACorner));

        var seen = (await page.ShownAsync("seen")).reshape(28, 28);
        var place = arange(28).to(float32);
        Assert.Equal(14, (seen.sum([0]) * place).sum().item<float>() / seen.sum().item<float>(), 0.15);
        Assert.Equal(14, (seen.sum([1]) * place).sum().item<float>() / seen.sum().item<float>(), 0.15);
        Assert.InRange((seen.sum([1]) > 0.5).sum().item<long>(), 19, 21);
        Assert.Equal(390, await page.AskAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Strokes_on_a_digit_of_the_test_set_are_added_to_it_and_taken_back()
    {
        using var digits = TrainedLike.Digits(1);
        await using var page = await chromium.OpenAsync(DrawingPad.Of(TrainedLike.Autoencoder(), digits).ToHtml());

        await page.DrawAsync((0.1, 0.5), (0.9, 0.5));
        Assert.InRange((await page.ShownAsync("seen")).sum().item<float>(), digits.sum().item<float>() + 20, digits.sum().item<float>() + 70);
        await page.ClickAsync("Undo");
        AssertSame(digits, await page.ShownAsync("seen"), 1e-6);
    }

    [Fact]
    public async Task Keys_draw_too_and_are_not_the_page_s()
    {
        await using var page = await chromium.OpenAsync(
            DrawingPad.Of(TrainedLike.Autoencoder(), TrainedLike.Digits(1)).ToHtml() + "<script>window.heard = 0; addEventListener('keydown', () => window.heard++)</script>");

        await page.ClickAsync("Clear");
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("touch", await page.AskAsync<string>("root.activeElement.className"));
        Assert.Equal("visible", await page.AskAsync<string>("getComputedStyle(root.querySelector('.keys')).visibility"));
        await page.PressAsync(["ArrowUp", "ArrowUp", "Space", .. Enumerable.Repeat("ArrowDown", 20)]);
        var drawn = (await page.ShownAsync("seen")).sum().item<float>();
        await page.PressAsync("Backspace");

        Assert.InRange(drawn, 30, 80);
        Assert.Equal(0, (await page.ShownAsync("seen")).sum().item<float>());
        Assert.Equal(1, await page.AskAsync<int>("window.heard"));   // Tab, from outside
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Noise_is_as_strong_as_the_slider_says_and_each_network_answers_it()
    {
        using var denoiser = TrainedLike.Denoiser();
        using var digits = TrainedLike.Digits(1);
        await using var page = await chromium.OpenAsync(DrawingPad.Noisy(digits, 0.5, ("denoiser", denoiser), ("plain", TrainedLike.Autoencoder())).ToHtml());

        var noisy = await page.ShownAsync("input");
        await page.AskAsync<object?>("root.querySelector('input').focus()");
        await page.PressAsync("End");
        var noisier = await page.ShownAsync("input");

        // Half of the deviates are cut off at black: what is left of black pixels is 0.4 times the factor on average, less the cut at white.
        var black = digits.flatten().eq(0);
        Assert.Equal(0.197, noisy[black].mean().item<float>(), 0.03);
        Assert.InRange(noisier[black].mean().item<float>(), 0.28, 0.36);
        AssertSame(denoiser.call(noisier.reshape(1, 1, 28, 28)).sigmoid(), await page.ShownAsync("drawn[0]"), 1e-3);
        AssertSame(TrainedLike.Autoencoder().Reconstruct(noisier.reshape(1, 1, 28, 28)), await page.ShownAsync("drawn[1]"), 1e-3);
        Assert.Contains("noise 1.00", await page.AskAsync<string>("root.textContent"));
        await page.ClickAsync("New noise");
        Assert.NotEqual(noisier.data<float>().ToArray(), (await page.ShownAsync("input")).data<float>().ToArray());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_plane_is_decoded_under_the_pointer_and_on_the_way()
    {
        manual_seed(4);
        using var decoder = TrainedLike.Decoder();
        var labels = Enumerable.Range(0, 500).Select(i => (byte)(i % 10)).ToArray();
        await using var page = await chromium.OpenAsync(LatentPlane.Of(decoder, randn(500, 2), labels).ToHtml());

        await page.DrawAsync((0.2, 0.3), (0.7, 0.6));
        var (from, to, code) = (await page.ShownAsync("from"), await page.ShownAsync("to"), await page.ShownAsync("code"));

        AssertSame(decoder.call(code.reshape(1, 2)).sigmoid(), await page.ShownAsync("drawn"), 1e-3);
        AssertSame(to, code, 1e-6);
        Assert.True((to[0] > from[0]).item<bool>() && (to[1] < from[1]).item<bool>(), "to the right and down");
        await page.PressAsync("Space", "ArrowRight", "ArrowRight");
        AssertSame(code, await page.ShownAsync("from"), 1e-6);
        Assert.True(((await page.ShownAsync("to"))[0] > code[0]).item<bool>());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_slider_spends_bytes_and_the_others_follow()
    {
        using var digits = TrainedLike.Digits(10);
        CodecRate Rate(double bytes, double psnr) => new(bytes, psnr, digits);
        await using var page = await chromium.OpenAsync(RateSlider.Of(digits, ("own", [Rate(5, 18), Rate(12, 25), Rate(24, 31)]), ("JPEG", [Rate(200, 19), Rate(275, 25), Rate(400, 32)])).ToHtml());

        Assert.Contains("own 12.0 bytes, 25.0 dB", await CaptionsAsync());
        Assert.Contains("JPEG its smallest: 200.0 bytes (17 times as many), 19.0 dB", await CaptionsAsync());
        await page.AskAsync<object?>("root.querySelector('input').focus()");
        await page.PressAsync("ArrowRight");
        Assert.Contains("own 24.0 bytes, 31.0 dB", await CaptionsAsync());
        await page.AskAsync<object?>("root.querySelectorAll('input[type=radio]')[1].click()");
        Assert.Contains("JPEG 400.0 bytes (17 times as many), 32.0 dB", await CaptionsAsync());
        Assert.Equal(24, await page.AskAsync<int>("(([full, rest]) => full.clientHeight / 6 * 50 + rest.clientWidth / 6)(root.querySelectorAll('figure .bytes')[0].children)"));
        Assert.Empty(page.Errors);

        Task<string> CaptionsAsync() => page.AskAsync<string>("[...root.querySelectorAll('figcaption')].map(c => c.textContent).join('; ')");
    }

    [Fact]
    public async Task Figures_stand_beside_each_other_and_again_and_leave_nothing_on_the_window()
    {
        var pad = DrawingPad.Of(TrainedLike.Autoencoder(), TrainedLike.Digits(1)).ToHtml();
        var plane = LatentPlane.Of(TrainedLike.Decoder(), randn(50, 2), new byte[50]).ToHtml();
        await using var page = await chromium.OpenAsync($"<script>window.before = Object.keys(window).length + 1</script>{pad}{plane}{pad}");
        await page.ClickAsync("Clear");

        Assert.Equal(0, (await page.ShownAsync("seen")).sum().item<float>());
        Assert.NotEqual(0, (await page.ShownAsync("seen", figure: 2)).sum().item<float>());
        Assert.Equal(3, await page.Page.EvaluateExpressionAsync<int>("[...document.querySelectorAll('[data-live]')].filter(host => host.shadowRoot).length"));
        Assert.Equal(0, await page.Page.EvaluateExpressionAsync<int>("Object.keys(window).length - window.before"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Where_no_script_runs_the_still_picture_and_what_one_could_try_are_seen()
    {
        var html = DrawingPad.Of(TrainedLike.Autoencoder(), TrainedLike.Digits(2)).ToHtml();
        await using var page = await chromium.OpenAsync(html[..html.IndexOf("<script", StringComparison.Ordinal)]);

        Assert.True(await page.Page.EvaluateExpressionAsync<bool>("document.querySelector('[data-live] img').naturalWidth > 100"));
        Assert.Contains("Draw on the digit", await page.Page.EvaluateExpressionAsync<string>("document.body.innerText"));
    }

    private static void AssertSame(Tensor expected, Tensor actual, double tolerance) =>
        Assert.Equal(0, (expected.flatten() - actual.flatten()).abs().max().item<float>(), tolerance);
}
