using System.Reflection;

namespace Autoencoders.Display;

/// <summary>An output of a running .NET Interactive cell that can be replaced in place.</summary>
/// <remarks>
/// The kernel's assembly cannot be referenced, so it is found among the loaded ones. Its <c>display()</c> would be the
/// usual way, but updates of the handle that it returns never reach the screen; those of the cell's own context do.
/// </remarks>
internal static class KernelDisplay
{
    /// <summary>Shows <paramref name="figure"/> and gives what replaces it, or null where no such kernel runs the cell.</summary>
    public static Action<IFigure>? TryShow(IFigure figure)
    {
        var kernel = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == "Microsoft.DotNet.Interactive");
        var context = kernel?.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext")?.GetProperty("Current")?.GetValue(null);
        if (context is null)
        {
            return null;
        }

        var display = kernel!.GetType("Microsoft.DotNet.Interactive.KernelInvocationContextExtensions")?.GetMethod("Display", [context.GetType(), typeof(object), typeof(string[])]);
        var shown = display?.Invoke(null, [context, figure, Array.Empty<string>()]);
        MethodInfo? update = shown?.GetType().GetMethod("Update", [typeof(object)]);
        return update is null ? null : next => update.Invoke(shown, [next]);
    }
}
