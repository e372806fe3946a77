using Autoencoders.Benchmarks;

(string Name, string What, Func<string[], int> Run)[] commands =
[
    ("compression", "rate, distortion and speed of all codecs on the 10,000 test digits, or of those named (jpeg png webp cae pca)", CompressionBenchmark.Run),
    ("training", "images a second of the trainer, measure by measure, against a plain loop and PyTorch; a number of rounds may follow", TrainingBenchmark.Run),
    ("time-to-quality", "seconds to a test loss of 0.0687 and of 0.0660, with the complete MNIST", TimeToQuality.Run),
    ("lossless", "bits per pixel and speed without loss, of the shipped codecs and others, on the 10,000 test digits", LosslessBenchmark.Run),
    (LosslessBenchmark.DecodeCommand, "decodes one .cal file in this process: the lossless benchmark calls it", LosslessBenchmark.Decode),
    ("train-models", "trains the shipped models from nothing: all, or those named", TrainModels.Run),
    ("codec-memory", "the memory that a million images take through the codec, or as many as are named", CodecMemory.Run),
    (CompressionBenchmark.DecodeCommand, "decodes one .cae file in this process: the compression benchmark calls it", CompressionBenchmark.Decode),
    (TrainingStep.Command, "one training in this process: the training benchmark calls it", TrainingStep.Run),
    (TrainingBenchmark.BusyCommand, "keeps a core busy: the training benchmark calls it", TrainingBenchmark.Busy),
    (ResumableTraining.Command, "a short training run with checkpoints: a test kills it and lets it go on", ResumableTraining.Run),
    (Writers.WeightsCommand, "writes weights until it is killed: a test does so", Writers.WriteWeights),
    (Writers.ResultsCommand, "records results: a test runs two of them side by side", Writers.RecordResults),
];

if (args.Length > 0 && commands.FirstOrDefault(c => c.Name == args[0]) is { Run: not null } command)
{
    return command.Run(args[1..]);
}

Console.Error.WriteLine($"Name a measurement:{string.Concat(commands.Select(c => $"\n  {c.Name,-16} {c.What}"))}");
return 2;
