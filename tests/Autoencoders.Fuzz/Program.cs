using System.Globalization;
using Autoencoders;
using Autoencoders.Fuzz;

// dotnet run -c Release --project tests/Autoencoders.Fuzz -- [TARGET|all] [COUNT] [SEED] [FIRST]
var name = args.Length > 0 ? args[0] : "all";
int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

var names = FuzzTargets.Names.Where(target => name == "all" || target == name).ToList();
if (names.Count == 0)
{
    Console.Error.WriteLine($"There is no target '{name}': name one of {string.Join(", ", FuzzTargets.Names)}, or all; a number of inputs, a seed and the number of the first input may follow.");
    return 2;
}

var faults = 0;
foreach (var target in names.Select(FuzzTargets.Named))
{
    var report = Fuzzer.Run(target, Number(1, 20_000), Number(2, 1), Number(3, 0));
    Console.WriteLine(report);
    foreach (var (input, _, bytes) in report.Faults)
    {
        var folder = Directory.CreateDirectory(Path.Combine(ProjectFolder.Artifacts, "fuzz", target.Name));
        File.WriteAllBytes(Path.Combine(folder.FullName, input.Replace('/', '-')), bytes);
    }

    faults += report.Faults.Count;
}

return faults == 0 ? 0 : 1;
