namespace Autoencoders.Display;

/// <summary>What <see cref="Notebook.Setup"/> found; as HTML it carries the chart library to the page.</summary>
internal sealed class SetupReport(Table facts) : IFigure
{
    /// <inheritdoc/>
    public string ToHtml() => facts.ToHtml() + PlotlyScript.ToHtml();

    /// <inheritdoc/>
    public override string ToString() => facts.ToString();
}
