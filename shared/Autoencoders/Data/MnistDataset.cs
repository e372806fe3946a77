using System.Globalization;

namespace Autoencoders.Data;

/// <summary>The MNIST digits, divided into those to train with and those to test with: images of 28 x 28 pixels with labels 0 to 9.</summary>
/// <remarks>Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", under CC BY-SA 3.0.</remarks>
public sealed class MnistDataset
{
    /// <summary>The environment variable that names a folder with the complete set; a relative path starts at the project's folder, and <c>~</c> is the home folder.</summary>
    public const string FolderVariable = "MNIST_DIR";

    private const string CompleteSource = "mnist", SampleSource = "mnist-sample", OtherSource = "other";
    private const int Side = 28, Classes = 10;
    private const int SampleCount = 10_000, SampleTestCount = 1500, SampleSeed = 42;

    private MnistDataset(ImageSet train, ImageSet test, string source, string folder) =>
        (Train, Test, Source, Folder) = (train, test, source, folder);

    /// <summary>The images to train with.</summary>
    public ImageSet Train { get; }

    /// <summary>The images to test with: no training sees them.</summary>
    public ImageSet Test { get; }

    /// <summary>
    /// Which data this is: <c>mnist</c> for the complete set, known by its checksums; <c>mnist-sample</c>; or <c>other</c> for whatever
    /// else lies under MNIST's names, such as Fashion-MNIST.
    /// </summary>
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

    /// <summary>Loads the four IDX files of MNIST, or other images of its kind, from <paramref name="folder"/>, gzipped (<c>.gz</c>) or not.</summary>
    /// <exception cref="FileNotFoundException">Files are missing; the message says which, and what is there instead.</exception>
    /// <exception cref="IdxFormatException">A file is damaged or does not hold labelled images of 28 x 28 pixels in ten classes.</exception>
    public static MnistDataset Load(string folder)
    {
        var missing = MissingFiles(folder);
        if (missing.Count > 0)
        {
            throw new FileNotFoundException(
                $"The folder {Path.GetFullPath(folder)} does not hold the complete MNIST set: {string.Join(", ", missing)} missing (with or without .gz){Instead(folder, missing)}.");
        }

        IdxArray[] arrays = [.. MnistFile.All.Select(file => IdxFile.Read(file.FindIn(folder)!))];
        string PathOf(int index) => MnistFile.All[index].FindIn(folder)!;
        var isComplete = MnistFile.All.Zip(arrays).All(file => file.First.Holds(file.Second));
        return new MnistDataset(
            Images(arrays[0], PathOf(0), arrays[1], PathOf(1)),
            Images(arrays[2], PathOf(2), arrays[3], PathOf(3)),
            isComplete ? CompleteSource : OtherSource,
            folder);
    }

    /// <summary>Loads the sample that comes with the project: 10,000 digits, of which 8,500 are for training and 1,500, in the same proportions of classes, for testing.</summary>
    /// <exception cref="FileNotFoundException">The sample was removed from the project.</exception>
    /// <exception cref="IdxFormatException">A file of the sample is damaged.</exception>
    public static MnistDataset LoadSample()
    {
        var (images, labels) = (Path.Combine(SampleFolder, "images-idx3-ubyte.gz"), Path.Combine(SampleFolder, "labels-idx1-ubyte.gz"));
        var all = Images(IdxFile.Read(images), images, IdxFile.Read(labels), labels);
        if (all.Count != SampleCount)
        {
            throw new IdxFormatException($"{images} holds {all.Count} images, and the sample has {SampleCount}.");
        }

        var (train, test) = StratifiedSplit.Split(all.Labels, SampleTestCount, SampleSeed);
        return new MnistDataset(all.Select(train), all.Select(test), SampleSource, SampleFolder);
    }

    /// <summary>The source and the number of images, such as <c>complete MNIST: 60,000 training and 10,000 test images</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What}: {Train.Count:N0} training and {Test.Count:N0} test images");

    private string What => Source switch
    {
        SampleSource => "MNIST sample",
        CompleteSource => "complete MNIST",
        _ => $"other images than MNIST's, from the folder '{Path.GetFileName(Path.TrimEndingDirectorySeparator(Folder))}'",
    };

    internal static MnistDataset Load(string? chosenFolder, string downloadFolder)
    {
        if (!string.IsNullOrEmpty(chosenFolder))
        {
            return LoadChosen(Path.GetFullPath(WithHome(chosenFolder), ProjectFolder.Root));
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

    // What shells do, but not the settings of an editor or of a service.
    private static string WithHome(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
        : path;

    // Unpackers and mirrors spell the names in other ways: train-images.idx3-ubyte is the most common.
    private static string Instead(string folder, List<string> missing)
    {
        var entries = Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList() : [];
        var alike = missing.Select(name => (Name: name, Entry: entries.Find(entry => Letters(entry).StartsWith(Letters(name), StringComparison.OrdinalIgnoreCase))));
        return string.Concat(alike.Where(pair => pair.Entry is not null).Select(pair =>
            $"; there is {pair.Entry}: {(Directory.Exists(Path.Combine(folder, pair.Entry!)) ? "move the file out of that folder" : $"rename or unpack it to {pair.Name}")}"));
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit));

    private static ImageSet Images(IdxArray images, string imagePath, IdxArray labels, string labelPath)
    {
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
