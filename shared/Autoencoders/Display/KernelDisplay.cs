using Microsoft.DotNet.Interactive;

namespace Autoencoders.Display;

/// <summary>An output of a running .NET Interactive cell that can be replaced in place.</summary>
/// <remarks>
/// The kernel's <c>display()</c> would be the usual way, but updates of the handle that it returns never reach the
/// screen; those of the cell's own context do.
/// </remarks>
internal static class KernelDisplay
{
    /// <summary>Shows <paramref name="figure"/> and gives what replaces it, or null where no such kernel runs the cell.</summary>
    public static Action<IFigure>? TryShow(IFigure figure) => KernelInvocationContext.Current?.Display(figure) is { } shown ? shown.Update : null;
}
