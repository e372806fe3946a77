using System.Runtime.CompilerServices;

// The tests download small files with checksums of their own, and look at splits and generators directly.
[assembly: InternalsVisibleTo("Autoencoders.Tests")]
