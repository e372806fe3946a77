namespace NotebookRunner.Tests.Pages;

/// <summary>Every page of the book in a real browser, from <c>file:</c> and without a network.</summary>
public sealed class BookTests(ReadBook book) : IClassFixture<ReadBook>
{
    private const string Colours = "[...document.querySelectorAll('.main-svg, .main-svg path, .main-svg text')].map(shape => getComputedStyle(shape).fill + getComputedStyle(shape).stroke).join().replace(/url[^)]*/g, '')";

    private const string Chapter = "01-load-mnist.html", Figures = "figures.html";

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Every_page_is_whole_and_open_to_all_readers(int width, bool dark)
    {
        List<string> findings = [];
        List<(string Page, Uri Url)> links = [];
        var anchors = new Dictionary<string, string[]>();
        foreach (var name in book.Pages)
        {
            await using var page = await book.OpenAsync(name, width, dark);
            findings.AddRange((await page.AxeAsync()).Concat(page.Errors).Select(finding => $"{name}: {finding}"));
            if (await page.AskAsync<int>("document.documentElement.scrollWidth") is var needed && needed > width)
            {
                findings.Add($"{name} is {needed} pixels wide on a screen of {width}.");
            }

            anchors[Path.Combine(book.Folder, name)] = await page.AskAsync<string[]>("[...document.querySelectorAll('[id]')].map(element => element.id)");
            links.AddRange((await page.AskAsync<string[]>("[...document.querySelectorAll('a[href]')].map(link => link.href)")).Select(url => (name, new Uri(url))));
        }

        findings.AddRange(links.Where(link => link.Url.IsFile && !IsThere(link.Url)).Select(link => $"{link.Page} links to {link.Url}"));
        Assert.NotEmpty(links);
        Assert.True(findings.Count == 0, string.Join('\n', findings));

        // In the book's folder, which may be copied to anywhere.
        bool IsThere(Uri url) => url.LocalPath.StartsWith(book.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(url.LocalPath) && (url.Fragment.Length < 2 || anchors[url.LocalPath].Contains(Uri.UnescapeDataString(url.Fragment[1..])));
    }

    [Theory]
    [InlineData(Chapter, 2, 0)]
    [InlineData(Figures, 5, 1)]
    public async Task Every_chart_has_drawn_all_its_traces(string name, int charts, int live)
    {
        await using var page = await book.OpenAsync(name);

        Assert.Equal(charts, await page.AskAsync<int>("document.querySelectorAll('[data-figure]').length"));
        Assert.Equal("", await page.AskAsync<string>("""
            [...document.querySelectorAll("[data-figure]")].filter(box => box._fullData === undefined || box._fullData.length === 0
                || box._fullData.length !== box.querySelectorAll(".scatterlayer .trace, .barlayer .trace, .heatmaplayer .hm").length)
                .map(box => box.ariaLabel).join()
            """));
        Assert.Equal(live, await page.AskAsync<int>("[...document.querySelectorAll('[data-live]')].filter(figure => figure.shadowRoot).length"));
    }

    [Fact]
    public async Task Charts_follow_the_reader_from_light_to_dark_and_back()
    {
        await using var page = await book.OpenAsync(Figures);
        var light = await ColoursAsync();
        await page.SetDarkAsync(true);
        await page.SettleAsync();
        var dark = await ColoursAsync();
        await page.SetDarkAsync(false);
        await page.SettleAsync();

        Assert.Equal(light, await ColoursAsync());
        Assert.NotEqual(light, dark);
        await using var opened = await book.OpenAsync(Figures, dark: true);
        Assert.Equal(dark, await opened.AskAsync<string>(Colours));

        Task<string> ColoursAsync() => page.AskAsync<string>(Colours);
    }

    [Fact]
    public async Task The_search_finds_a_word_wherever_it_stands()
    {
        await using var page = await book.OpenAsync("solutions/01-load-mnist.html");
        await page.Page.Keyboard.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("transposed convolution");
        await page.Page.WaitForSelectorAsync("search li a");
        await page.SettleAsync();
        var first = await page.AskAsync<string>("document.querySelector('search li a').href");

        Assert.EndsWith("#transposed-convolution", first.Split("-instead")[0]);
        await page.Page.FocusAsync("search li a");
        await Task.WhenAll(page.Page.WaitForNavigationAsync(), page.Page.Keyboard.PressAsync("Enter"));
        Assert.Equal(first, page.Page.Url);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_code_cell_is_copied_as_it_is()
    {
        await using var page = await book.OpenAsync(Chapter);
        await page.AskAsync<object?>("navigator.clipboard.writeText = async text => { window.copied = text }");
        await page.Page.ClickAsync("#cell-2 .copy");
        await page.Page.WaitForFunctionAsync("() => document.querySelector('#cell-2 .copy').textContent !== 'Copy'");

        var cell = NotebookRunner.Notebooks.Notebook.Load(Path.Combine(Shipped.Chapters.Folder, "01-load-mnist.ipynb")).CodeCells[1].Source;
        Assert.Equal(cell, await page.AskAsync<string>("window.copied"));
    }

    [Fact]
    public async Task The_keyboard_skips_to_the_content()
    {
        await using var page = await book.OpenAsync(Chapter);
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.True(await page.AskAsync<bool>("document.activeElement.className === 'skip' && document.activeElement.getBoundingClientRect().left >= 0"));
        await page.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("page-content", await page.AskAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task Contents_are_beside_the_text_and_folded_where_there_is_no_room()
    {
        await using var wide = await book.OpenAsync(Chapter);
        await using var narrow = await book.OpenAsync(Chapter, 390);

        Assert.True(await wide.AskAsync<bool>("document.querySelector('.contents').open"));
        Assert.False(await narrow.AskAsync<bool>("document.querySelector('.contents').open"));
    }
}
