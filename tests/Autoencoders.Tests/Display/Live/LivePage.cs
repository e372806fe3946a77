using PuppeteerSharp;
using PuppeteerSharp.Input;
using static TorchSharp.torch;

namespace Autoencoders.Tests.Display.Live;

/// <summary>A page with live figures in a real browser, used as a reader would.</summary>
internal sealed class LivePage(IPage page) : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    /// <summary>What the browser complained about.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public IPage Page => page;

    public static async Task<LivePage> OpenAsync(IPage page, string body, int width)
    {
        var live = new LivePage(page);
        page.Console += (_, message) => live._errors.Add($"{message.Message.Type}: {message.Message.Text}");
        page.PageError += (_, error) => live._errors.Add(error.Message);
        page.RequestFailed += (_, request) => live._errors.Add($"failed: {request.Request.Url}");
        await page.SetOfflineModeAsync(true);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 1500, HasTouch = true });
        await page.SetContentAsync($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Figures</title><body>{body}</body>");
        await live.SettleAsync();
        return live;
    }

    /// <summary>Waits until what was asked for is on the screen.</summary>
    public Task SettleAsync() => page.EvaluateExpressionAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))");

    /// <summary>Numbers that a figure shows.</summary>
    /// <param name="what">A property of <c>host.shown</c>.</param>
    /// <param name="figure">Which figure of the page.</param>
    public async Task<Tensor> ShownAsync(string what, int figure = 0) =>
        tensor(await page.EvaluateExpressionAsync<float[]>($"Array.from(document.querySelectorAll('[data-live]')[{figure}].shown.{what})"));

    public Task<T> AskAsync<T>(string expression, int figure = 0) =>
        page.EvaluateExpressionAsync<T>($"((host, root) => {expression})(document.querySelectorAll('[data-live]')[{figure}], document.querySelectorAll('[data-live]')[{figure}].shadowRoot)");

    public async Task ClickAsync(string button)
    {
        await AskAsync<object?>($"[...root.querySelectorAll('button')].find(b => b.textContent === '{button}').click()");
        await SettleAsync();
    }

    /// <summary>Draws a line with the mouse on what is touched: the pad or the map.</summary>
    /// <param name="points">Places in parts of its width and height.</param>
    public async Task DrawAsync(params (double X, double Y)[] points)
    {
        var at = await PlacesAsync(points);
        await page.Mouse.MoveAsync(at[0].X, at[0].Y);
        await page.Mouse.DownAsync();
        foreach (var (x, y) in at)
        {
            await page.Mouse.MoveAsync(x, y, new MoveOptions { Steps = 5 });
        }

        await page.Mouse.UpAsync();
        await SettleAsync();
    }

    /// <summary>Draws a line with a finger.</summary>
    public async Task TouchAsync(params (double X, double Y)[] points)
    {
        var at = await PlacesAsync(points);
        await page.Touchscreen.TouchStartAsync(at[0].X, at[0].Y);
        foreach (var (x, y) in at)
        {
            await page.Touchscreen.TouchMoveAsync(x, y);
        }

        await page.Touchscreen.TouchEndAsync();
        await SettleAsync();
    }

    public async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }

        await SettleAsync();
    }

    public ValueTask DisposeAsync() => page.DisposeAsync();

    private async Task<(decimal X, decimal Y)[]> PlacesAsync((double X, double Y)[] points)
    {
        var box = await AskAsync<double[]>("(({ x, y, width, height }) => [x, y, width, height])(root.querySelector('.touch').getBoundingClientRect())");
        return Array.ConvertAll(points, p => ((decimal)(box[0] + p.X * box[2]), (decimal)(box[1] + p.Y * box[3])));
    }
}
