namespace Autoencoders.Display;

/// <summary>A figure that also exists as one still picture, for places where no script runs, such as GitHub.</summary>
public interface IPicture : IFigure
{
    /// <summary>The picture as a PNG file: the same bytes for the same content.</summary>
    byte[] ToPng();
}
