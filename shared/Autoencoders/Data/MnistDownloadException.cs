namespace Autoencoders.Data;

/// <summary>No mirror delivered a file of MNIST. The message says what each of them did, and what to do.</summary>
/// <param name="message">What failed, mirror by mirror.</param>
/// <param name="failures">What each mirror's last attempt failed with.</param>
public sealed class MnistDownloadException(string message, IEnumerable<Exception> failures)
    : Exception(message, new AggregateException(failures));
