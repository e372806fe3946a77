using System.Text;
using NotebookRunner.Notebooks;
using NotebookRunner.Tests.Support;

namespace NotebookRunner.Tests.Notebooks;

public sealed class NotebookTests
{
    // As Jupyter writes: one space, sorted names, nothing escaped that need not be.
    private const string AsJupyterWrites = """
        {
         "cells": [
          {
           "cell_type": "markdown",
           "id": "a",
           "metadata": {},
           "source": [
            "# Größe & <b>µ</b> 😀 – 'x' + \"y\" \\ \t\u0001\u007f\n",
            "last"
           ]
          },
          {
           "cell_type": "code",
           "execution_count": null,
           "id": "b",
           "metadata": {
            "unknown": {
             "empty": [],
             "numbers": [
              1.0,
              1e-05,
              12345678901234567890,
              true,
              null
             ]
            }
           },
           "outputs": [],
           "source": []
          },
          {
           "cell_type": "raw",
           "id": "c",
           "metadata": {},
           "source": "one string"
          }
         ],
         "metadata": {},
         "nbformat": 4,
         "nbformat_minor": 5,
         "from_the_future": {
          "kept": true
         }
        }

        """;

    [Fact]
    public void Reading_and_writing_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var bytes = Encoding.UTF8.GetBytes(AsJupyterWrites.Replace("\\u007f", "\u007f\u00a0\u2028"));
        File.WriteAllBytes(folder.File("a.ipynb"), bytes);

        Notebook.Load(folder.File("a.ipynb")).Write(folder.File("b.ipynb"));

        Assert.Equal(bytes, File.ReadAllBytes(folder.File("b.ipynb")));
    }

    [Fact]
    public void Sources_are_one_text_whether_written_as_lines_or_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"), AsJupyterWrites);
        var notebook = Notebook.Load(folder.File("a.ipynb"));

        Assert.EndsWith("\nlast", notebook.Cells[0].Source);
        Assert.Equal("", notebook.Cells[1].Source);
        Assert.Equal("one string", notebook.Cells[2].Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\n\n b\r\nc")]
    public void Lines_keep_the_text(string text)
    {
        var lines = MultilineText.Write(text);

        Assert.Equal(text, MultilineText.Read(lines));
        Assert.All(lines.SkipLast(1), line => Assert.EndsWith("\n", line!.GetValue<string>()));
    }

    [Fact]
    public void The_title_is_the_first_heading()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal("Load MNIST", NotebookFile.Write(folder, "a.ipynb", NotebookFile.Text("text\n# Load MNIST \n# Other")).Title);
        Assert.Equal("b", NotebookFile.Write(folder, "b.ipynb", NotebookFile.Text("## Small")).Title);
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "no list of cells")]
    [InlineData("""{"cells": [1], "nbformat": 4}""", "no list of cells")]
    [InlineData("""{"cells": [], "nbformat": 3}""", "format 4")]
    [InlineData("""{"cells": []}""", "format 4")]
    public void Another_file_is_refused_in_one_sentence(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.ipynb"), content);

        var error = Assert.Throws<NotebookFormatException>(() => Notebook.Load(folder.File("a.ipynb")));
        Assert.Contains("a.ipynb", error.Message);
        Assert.Contains(reason, error.Message);
    }
}
