using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using NotebookRunner.Notebooks;
using NotebookRunner.Saving;
using NotebookRunner.Series;
using Spectre.Console;

namespace NotebookRunner.Terminal;

/// <summary>The command line.</summary>
internal static class RunnerCommand
{
    private const int WidthOfLogs = 200;

    private static readonly Argument<string[]> Notebooks = new("notebooks")
    {
        Description = "Which notebooks: paths, names, or beginnings of names such as 01, solutions/01 or solutions. Without any: every chapter in notebooks/.",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { RefuseUnknownOptions },
    };

    private static readonly Option<string> Output = new("--output")
    {
        Description = "The folder for executed notebooks, pages and series.json. Default: artifacts in the project.",
        HelpName = "folder",
    };

    private static readonly Option<double> CellTimeout = new("--cell-timeout")
    {
        Description = "How many seconds one cell may take.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 600,
    };

    private static readonly Option<int?> Jobs = new("--jobs")
    {
        Description = "How many notebooks run at a time; they share the cores, and their results are the same. Default: 2; 1 on a single core, and with --save, whose outputs tell times.",
        HelpName = "number",
    };

    private static readonly Option<bool> Save = new("--save")
    {
        Description = "Write the outputs back into the notebooks that ran to their end. Charts become still pictures: a notebook with charts, and no other, needs a Chromium-based browser for that.",
    };

    private static readonly Option<string> Browser = new("--browser")
    {
        Description = "The Chromium-based browser that draws the still pictures of charts for --save. Default: the one that is installed.",
        HelpName = "path",
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("Runs the notebooks of this project and writes an executed copy and an HTML page of each.") { Notebooks, Output, CellTimeout, Jobs, Save, Browser };
        command.SetAction((parsed, _) => ExecuteAsync(parsed));
        var parsed = command.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return await UsageErrorAsync(string.Join(Environment.NewLine, parsed.Errors.Select(e => e.Message)));
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static async Task<int> ExecuteAsync(ParseResult parsed)
    {
        try
        {
            var root = ProjectRoot.Find();
            return await ExecuteAsync(root, Options(parsed, root));
        }
        catch (Exception e) when (e is UsageException or NotebookFormatException or DirectoryNotFoundException)
        {
            return await UsageErrorAsync(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"The results of the run cannot be read or written: {e.Message}");
            return ExitCode.Failure;
        }
    }

    private static async Task<int> ExecuteAsync(string root, RunOptions options)
    {
        using var interruption = new Interruption();
        using var limit = FileSizeLimit.Catch();
        var terminal = CreateTerminal();
        var display = ProgressDisplay.For(terminal);
        var report = await display.ShowAsync(observer => new SeriesRunner(root, options, observer).RunAsync(interruption.Token));
        new ReportDisplay(terminal, root).Show(report, options);
        return interruption.ExitCode ?? report.ExitCode;
    }

    // To the parser, an option that does not exist looks like one more notebook.
    private static void RefuseUnknownOptions(ArgumentResult notebooks)
    {
        if (notebooks.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
        {
            notebooks.AddError($"There is no option '{option.Value}'; --help lists them.");
        }
    }

    private static IAnsiConsole CreateTerminal()
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings());
        if (Console.IsOutputRedirected)
        {
            terminal.Profile.Width = WidthOfLogs;
        }

        return terminal;
    }

    private static RunOptions Options(ParseResult parsed, string root)
    {
        var seconds = parsed.GetValue(CellTimeout);
        var limit = seconds > 0 && seconds <= TimeSpan.FromDays(20).TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException("--cell-timeout must be more than 0 seconds and at most 20 days.");
        var output = parsed.GetValue(Output) is { Length: > 0 } folder ? folder : Path.Combine(root, "artifacts");
        var paths = new ArtifactPaths(root, Path.GetFullPath(output));
        var notebooks = new NotebookSelection(root, paths).Find(parsed.GetValue(Notebooks) ?? []);
        var save = parsed.GetValue(Save);
        var jobs = parsed.GetValue(Jobs) ?? (save ? 1 : Math.Min(2, Environment.ProcessorCount));
        if (jobs < 1)
        {
            throw new UsageException("--jobs must be at least 1.");
        }

        return new RunOptions(notebooks, Path.GetFullPath(output), limit, jobs, save, save ? Chromium.Find(parsed.GetValue(Browser)) : null);
    }

    private static async Task<int> UsageErrorAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return ExitCode.Usage;
    }
}
