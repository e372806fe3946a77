// libtorch has one random state and one pool of threads for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
