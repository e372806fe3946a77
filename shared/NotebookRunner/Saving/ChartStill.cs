namespace NotebookRunner.Saving;

/// <summary>A picture of a chart as the browser drew it.</summary>
/// <param name="Output">Which output of the page shows it.</param>
/// <param name="Png">The picture, base64.</param>
/// <param name="Width">Width of the chart on the page, in CSS pixels.</param>
/// <param name="Height">Height, likewise.</param>
internal sealed record ChartStill(string Output, string Png, int Width, int Height);
