using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace NotebookRunner.Execution;

/// <summary>
/// The C# session of one notebook: what a cell declares, imports and references holds for the cells after it, as in
/// the .NET Interactive kernel. Every session loads the referenced assemblies for itself, as a fresh kernel does.
/// </summary>
internal sealed class ScriptSession(string folder)
{
    // The kernel asks the same question the same way: whether a cell ends in an expression that has a value is not public.
    private static readonly MethodInfo HasReturnValue =
        typeof(Script).GetMethod("HasReturnValue", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMethodException("This version of Microsoft.CodeAnalysis.Scripting has no Script.HasReturnValue.");

    private readonly ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
        .AddReferences(typeof(Enumerable).Assembly, typeof(IEnumerable<>).Assembly, typeof(Task<>).Assembly, typeof(Formatter).Assembly)
        .WithMetadataResolver(ScriptMetadataResolver.Default.WithBaseDirectory(folder))
        .WithSourceResolver(new SourceFileResolver(ImmutableArray<string>.Empty, folder))
        .WithEmitDebugInformation(true)
        .WithFileEncoding(Encoding.UTF8);

    private ScriptState<object>? _state;

    /// <summary>The name under which a cell stands in stack traces and diagnostics.</summary>
    public static string FileOf(int number) => $"cell {number}";

    /// <summary>Runs a cell; its last expression, where it has a value, is shown through the registered formatters.</summary>
    /// <exception cref="CompilationErrorException">The cell does not compile.</exception>
    public async Task RunAsync(string code, int number, OutputRecorder recorder)
    {
        var options = _options.WithFilePath(Path.Combine(folder, FileOf(number)));
        _state = _state is null
            ? await CSharpScript.RunAsync(code, options)
            : await _state.ContinueWithAsync(code, options);

        if ((bool)HasReturnValue.Invoke(_state.Script, null)!)
        {
            recorder.Show(FormsOf(_state.ReturnValue), number);
        }
    }

    private static Dictionary<string, string> FormsOf(object? value) =>
        Formatter.GetPreferredMimeTypesFor(value?.GetType()).ToDictionary(type => type, type => value.ToDisplayString(type));
}
