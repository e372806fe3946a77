using System.Text;
using NotebookRunner.Notebooks;

namespace Autoencoders.Fuzz.Targets;

internal static class NotebookTarget
{
    private const string Seed = """
        {
         "cells": [
          {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Titel ä \ud83d\ude00\n", "$x^2$"], "attachments": {"a.png": {"image/png": "AAAA"}}},
          {"cell_type": "code", "execution_count": 1, "id": "b", "metadata": {"polyglot_notebook": {"kernelName": "csharp"}}, "source": "var x = 1;\n#!time",
           "outputs": [{"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]}, {"output_type": "display_data", "metadata": {}, "data": {"text/html": ["<b>1</b>"], "text/plain": "1"}}]},
          {"cell_type": "raw", "id": "c", "metadata": {}, "source": []}
         ],
         "metadata": {"kernelspec": {"display_name": ".NET (C#)", "language": "C#", "name": ".net-csharp"}, "autoencoders": {"source_sha256": "00"}},
         "nbformat": 4, "nbformat_minor": 5
        }
        """;

    private static readonly string[] Values =
    [
        "null", "1", "-0", "1e400", "12345678901234567890", "true", "\"\"", "\"a\"", "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "[]", "[\"a\\n\", \"b\"]", "[1]", "{}", "{\"a\": 1, \"a\": 2}",
        "{\"source_sha256\": 1}", "{\"text/html\": \"<b>\"}", "[{\"output_type\": \"stream\", \"text\": 1}]", "[{\"data\": []}]", "NaN", "-Infinity", "\"code\"", "\"markdown\"", "4", "3", "[[[[[[[[[[]]]]]]]]]]",
    ];

    private static readonly string[] Names =
    [
        "cells", "metadata", "nbformat", "nbformat_minor", "cell_type", "source", "outputs", "execution_count", "attachments", "id", "kernelspec", "language", "name", "autoencoders", "source_sha256",
        "polyglot_notebook", "kernelName", "kernelInfo", "text/plain", "data", "ename",
    ];

    public static FuzzTarget Create() => new("notebook", typeof(NotebookFormatException), Read, [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(Seed), 20), Encoding.UTF8.GetBytes(Seed.ReplaceLineEndings("\r\n"))])
    {
        Words = [.. Values, .. Names.Select(name => $"\"{name}\": "), "{", "}", "[", "]", ",", ":", "\"", "\\ud83d", "\\", "\n<<<<<<< HEAD\n", "\n=======\n", "\n>>>>>>> main\n", "\ufeff", "\0"],
        Generate = Generate,
    };

    // Notebooks, in which anything may stand in any place.
    private static byte[] Generate(Random random)
    {
        var cells = Enumerable.Range(0, random.Next(4)).Select(_ => Object(random, ["cell_type", "source", "outputs", "metadata", "execution_count", "attachments"], [random.Next(3) == 0 ? "\"markdown\"" : "\"code\"", "[\"a\\n\", \"b\"]", "[]", "{}", "null", "{}"]));
        return Encoding.UTF8.GetBytes(Object(random, ["cells", "metadata", "nbformat", "nbformat_minor"], [$"[{string.Join(", ", cells)}]", "{\"kernelspec\": {\"language\": \"C#\"}}", "4", "5"]));
    }

    private static string Object(Random random, string[] names, string[] values) =>
        $"{{{string.Join(", ", names.Zip(values).Select(part => $"\"{(random.Next(40) == 0 ? Names[random.Next(Names.Length)] : part.First)}\": {(random.Next(25) == 0 ? Values[random.Next(Values.Length)] : part.Second)}"))}}}";

    // What is read can be used, written and read again, and is the same then.
    private static long Read(byte[] input)
    {
        var notebook = Notebook.Parse(input, "input.ipynb");
        NotebookLanguage.Check(notebook);
        var json = notebook.ToJson();
        var again = Notebook.Parse(Encoding.UTF8.GetBytes(json), "input.ipynb");
        SourceHash.Record(again);
        if (SourceHash.Recorded(again) != SourceHash.Of(notebook) || notebook.Clone().ToJson() != json || again.Title != notebook.Title || again.RunsAlone != notebook.RunsAlone)
        {
            throw new InvalidOperationException("It changes when it is written.");
        }

        var used = notebook.Cells.Sum(cell => cell.Outputs.Count() + (cell.ExecutionCount ?? 0) + NotebookLanguage.Submission(cell).Length + (cell.Attachments?.Count ?? 0));
        return json.Length + used - used;
    }
}
