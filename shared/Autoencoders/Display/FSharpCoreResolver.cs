using System.Reflection;

namespace Autoencoders.Display;

/// <summary>
/// Lets Plotly.NET use the FSharp.Core that the process already has. It asks for version 10.1, a notebook kernel has
/// 10.0, and a second copy beside our library would give every F# type twice: charts then fail in a type initializer.
/// </summary>
internal static class FSharpCoreResolver
{
    private const string Name = "FSharp.Core";

    private static int _registered;

    [ThreadStatic]
    private static bool _resolving;

    /// <summary>Answers for FSharp.Core from now on; doing so twice changes nothing.</summary>
    public static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
        {
            AppDomain.CurrentDomain.AssemblyResolve += (_, request) => Resolve(new AssemblyName(request.Name), Assembly.Load);
        }
    }

    /// <summary>The process's FSharp.Core of any version, or null for other names and where there is none.</summary>
    internal static Assembly? Resolve(AssemblyName name, Func<AssemblyName, Assembly> load)
    {
        // Loading by name asks this handler again where nothing is found: without the guard the stack overflows.
        if (_resolving || name.Name != Name)
        {
            return null;
        }

        _resolving = true;
        try
        {
            return load(new AssemblyName(Name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        finally
        {
            _resolving = false;
        }
    }
}
