namespace Autoencoders.Display;

/// <summary>Something a notebook cell shows. Its <see cref="object.ToString"/> says the same in plain text.</summary>
public interface IFigure
{
    /// <summary>The figure as a fragment of HTML that loads nothing from anywhere.</summary>
    string ToHtml();
}
