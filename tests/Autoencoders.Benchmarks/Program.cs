using Autoencoders.Benchmarks;

(string Name, string What, Func<string[], int> Run)[] commands =
[
    ("compression", "rate, distortion and speed of all codecs on the 10,000 test digits", CompressionBenchmark.Run),
    ("train-codec", "trains the shipped codec models anew: all qualities, or those named", TrainCodec.Run),
    ("narrow-codec", "gives the shipped codec models named, or all that it suits, a narrower synthesis network", NarrowCodec.Run),
    (CompressionBenchmark.DecodeCommand, "decodes one .cae file in this process: the compression benchmark calls it", CompressionBenchmark.Decode),
];

if (args.Length > 0 && commands.FirstOrDefault(c => c.Name == args[0]) is { Run: not null } command)
{
    return command.Run(args[1..]);
}

Console.Error.WriteLine($"Name a measurement:{string.Concat(commands.Select(c => $"\n  {c.Name,-12} {c.What}"))}");
return 2;
