using System.Globalization;

namespace Autoencoders.Data;

/// <summary>The MNIST digits, divided into those to train with and those to test with: images of 28 x 28 pixels with labels 0 to 9.</summary>
/// <remarks>Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", under CC BY-SA 3.0.</remarks>
public sealed class MnistDataset
{
    /// <summary>The environment variable that names a folder with the complete set; a relative path starts at the project's folder.</summary>
    public const string FolderVariable = "MNIST_DIR";

    private const string CompleteSource = "mnist", SampleSource = "mnist-sample";
    private const int Side = 28, Classes = 10;
    private const int SampleTestCount = 1500, SampleSeed = 42;

    private MnistDataset(ImageSet train, ImageSet test, string source, string folder) =>
        (Train, Test, Source, Folder) = (train, test, source, folder);

    /// <summary>The images to train with.</summary>
    public ImageSet Train { get; }

    /// <summary>The images to test with: no training sees them.</summary>
    public ImageSet Test { get; }

    /// <summary>Which data this is: <c>mnist</c> for the complete set or <c>mnist-sample</c>.</summary>
    public string Source { get; }

    /// <summary>The folder that the files were read from.</summary>
    public string Folder { get; }

    /// <summary>Where <see cref="MnistDownloader"/> puts the complete set: <c>data/mnist</c> in the project.</summary>
    public static string DownloadFolder => Path.Combine(ProjectFolder.Data, "mnist");

    private static string SampleFolder => Path.Combine(ProjectFolder.Data, "mnist-sample");

    /// <summary>
    /// Loads the complete set from the folder that the environment variable <c>MNIST_DIR</c> names; else a complete
    /// download in <c>data/mnist</c>; else the sample that comes with the project. Never goes to the network.
    /// </summary>
    /// <exception cref="FileNotFoundException"><c>MNIST_DIR</c> is set, but files are missing there.</exception>
    /// <exception cref="IdxFormatException">A file is damaged or does not hold MNIST digits.</exception>
    public static MnistDataset Load() => Load(Environment.GetEnvironmentVariable(FolderVariable), DownloadFolder);

    /// <summary>Loads the complete set from the four IDX files in <paramref name="folder"/>, gzipped (<c>.gz</c>) or not.</summary>
    /// <exception cref="FileNotFoundException">Files are missing; the message says which.</exception>
    /// <exception cref="IdxFormatException">A file is damaged or does not hold MNIST digits.</exception>
    public static MnistDataset Load(string folder)
    {
        var missing = MissingFiles(folder);
        if (missing.Count > 0)
        {
            throw new FileNotFoundException(
                $"The folder {Path.GetFullPath(folder)} does not hold the complete MNIST set: {string.Join(", ", missing)} missing (with or without .gz).");
        }

        return new MnistDataset(
            ReadImages(MnistFile.TrainImages.FindIn(folder)!, MnistFile.TrainLabels.FindIn(folder)!),
            ReadImages(MnistFile.TestImages.FindIn(folder)!, MnistFile.TestLabels.FindIn(folder)!),
            CompleteSource,
            folder);
    }

    /// <summary>Loads the sample that comes with the project: 10,000 digits, of which 8,500 are for training and 1,500, in the same proportions of classes, for testing.</summary>
    /// <exception cref="FileNotFoundException">The sample was removed from the project.</exception>
    /// <exception cref="IdxFormatException">A file of the sample is damaged.</exception>
    public static MnistDataset LoadSample()
    {
        var all = ReadImages(Path.Combine(SampleFolder, "images-idx3-ubyte.gz"), Path.Combine(SampleFolder, "labels-idx1-ubyte.gz"));
        var (train, test) = StratifiedSplit.Split(all.Labels, SampleTestCount, SampleSeed);
        return new MnistDataset(all.Select(train), all.Select(test), SampleSource, SampleFolder);
    }

    /// <summary>The source and the number of images, such as <c>complete MNIST: 60,000 training and 10,000 test images</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Source == SampleSource ? "MNIST sample" : "complete MNIST")}: {Train.Count:N0} training and {Test.Count:N0} test images");

    internal static MnistDataset Load(string? chosenFolder, string downloadFolder)
    {
        if (!string.IsNullOrEmpty(chosenFolder))
        {
            return LoadChosen(Path.GetFullPath(chosenFolder, ProjectFolder.Root));
        }

        return MissingFiles(downloadFolder).Count == 0 ? Load(downloadFolder) : LoadSample();
    }

    private static MnistDataset LoadChosen(string folder)
    {
        try
        {
            return Load(folder);
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException($"{FolderVariable} is set, but: {e.Message} Correct the variable, or unset it to use the sample.", e);
        }
    }

    private static List<string> MissingFiles(string folder) =>
        [.. MnistFile.All.Where(file => file.FindIn(folder) is null).Select(file => file.Name)];

    private static ImageSet ReadImages(string imagePath, string labelPath)
    {
        var images = IdxFile.Read(imagePath);
        var labels = IdxFile.Read(labelPath);
        if (images.Dimensions is not [_, Side, Side])
        {
            throw new IdxFormatException($"{imagePath} does not hold images of {Side} x {Side} pixels: its dimensions are {images}.");
        }

        if (labels.Dimensions is not [var count] || count != images.Dimensions[0])
        {
            throw new IdxFormatException($"{labelPath} does not hold one label for each of the {images.Dimensions[0]} images beside it: its dimensions are {labels}.");
        }

        if (labels.Values.AsSpan().ContainsAnyInRange((byte)Classes, byte.MaxValue))
        {
            throw new IdxFormatException($"{labelPath} holds a label above {Classes - 1}.");
        }

        return new ImageSet(images.Values, labels.Values, Side, Side);
    }
}
