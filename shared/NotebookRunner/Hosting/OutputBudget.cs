using NotebookRunner.Execution;

namespace NotebookRunner.Hosting;

/// <summary>
/// How much a notebook keeps of what its cells put out: 1,000,000 characters that a cell writes, 10,000,000 of the values
/// that it shows (each counts for 1,000 more), 50,000,000 of the whole notebook. What comes after is dropped, and a note says so.
/// </summary>
internal sealed class OutputBudget
{
    public const int MostText = 1_000_000, MostValues = 10_000_000, MostOfNotebook = 50_000_000;

    // What a value takes beside its characters.
    private const int WithEach = 1_000;

    // The kernel itself keeps every value that a cell shows until the cell ends, those that others replace included.
    private const long MostShown = 300_000_000;

    private int _text, _values;
    private int _notebook = MostOfNotebook;
    private bool _textIsCut, _valuesAreCut;
    private long _shown;

    /// <summary>Why a cell that has shown too much is ended.</summary>
    public static CellFailure TooMuch { get; } = new(
        "TooMuchOutput", $"The cell was ended: it has shown {MostShown:N0} characters, those that it replaced included. Let it show less, or less often.", []);

    /// <summary>Whether the cell has shown more than the kernel should hold.</summary>
    public bool IsTooMuch => _shown > MostShown;

    /// <summary>Begins the next cell.</summary>
    public void Begin() => (_text, _values, _textIsCut, _valuesAreCut, _shown) = (MostText, MostValues, false, false, 0);

    /// <summary>What is kept of <paramref name="text"/>; with a note at its end where this is the last that is.</summary>
    public string OfText(string text)
    {
        if (_textIsCut)
        {
            return "";
        }

        var kept = Math.Min(text.Length, Math.Min(_text, _notebook));
        _text -= kept;
        _notebook -= kept;
        if (kept == text.Length)
        {
            return text;
        }

        _textIsCut = true;
        kept -= kept > 0 && char.IsHighSurrogate(text[kept - 1]) ? 1 : 0;
        return $"{text[..kept]}\n{Note("text", MostText)}\n";
    }

    /// <summary>What is said in place of a value of so many characters; null where the value is kept, empty where nothing is said.</summary>
    public string? InsteadOfValue(int characters)
    {
        var cost = (long)characters + WithEach;
        _shown += cost;
        if (!_valuesAreCut && cost <= Math.Min(_values, _notebook))
        {
            _values -= (int)cost;
            _notebook -= (int)cost;
            return null;
        }

        var first = !_valuesAreCut;
        _valuesAreCut = true;
        return first ? $"{Note("values", MostValues)} This one has {characters:N0}." : "";
    }

    private string Note(string what, int most) => _notebook < most
        ? $"[Cut here: the outputs of a notebook are kept up to {MostOfNotebook:N0} characters.]"
        : $"[Cut here: the {what} of a cell {(what == "text" ? "is" : "are")} kept up to {most:N0} characters.]";
}
