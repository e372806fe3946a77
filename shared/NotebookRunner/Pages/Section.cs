using System.Text;

namespace NotebookRunner.Pages;

/// <summary>A heading of a page, and the text below it as far as the next.</summary>
/// <param name="Id">The heading's anchor.</param>
/// <param name="Level">1 for the title of the page.</param>
/// <param name="Title">The heading's text.</param>
internal sealed record Section(string Id, int Level, string Title)
{
    /// <summary>The text, for the search.</summary>
    public StringBuilder Text { get; } = new();
}
