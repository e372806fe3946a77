using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace NotebookRunner.Tests.Pages;

/// <summary>A page of the book, open in a browser that has no network.</summary>
public sealed class BookPage(IPage page) : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly List<string> _errors = [];

    /// <summary>What the console said, the errors of scripts, and the requests that failed.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public IPage Page => page;

    public async Task LoadAsync(string url, int width, bool dark)
    {
        page.Console += (_, message) => _errors.Add($"{message.Message.Type}: {message.Message.Text}");
        page.PageError += (_, error) => _errors.Add(error.Message);
        page.RequestFailed += (_, request) => _errors.Add($"failed: {request.Request.Url}");
        await page.SetOfflineModeAsync(true);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 1000 });
        await SetDarkAsync(dark);
        await page.GoToAsync(url);
        await SettleAsync();
    }

    public Task SetDarkAsync(bool dark) =>
        page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);

    /// <summary>Waits until what was asked for is on the screen.</summary>
    public Task SettleAsync() => AskAsync<object?>("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))");

    public Task<T> AskAsync<T>(string expression) => page.EvaluateExpressionAsync<T>(expression);

    /// <summary>What axe finds wrong: rule and element.</summary>
    public async Task<string[]> AxeAsync()
    {
        await page.EvaluateExpressionAsync(Axe);
        return await AskAsync<string[]>("axe.run().then(found => found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)} ${n.any.concat(n.all, n.none).map(c => c.message).join('; ')}`)))");
    }

    public ValueTask DisposeAsync() => page.DisposeAsync();
}
