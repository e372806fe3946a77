using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Autoencoders;

/// <summary>Exceptions of libtorch without the C++ frames behind their first line, which tell a reader nothing.</summary>
internal static class NativeFailure
{
    /// <summary>The same exception, thrown from the same place, with the first line of its message.</summary>
    public static ExternalException Short(ExternalException failure)
    {
        var brief = new ExternalException(failure.Message.Split('\n')[0].TrimEnd());
        return failure.StackTrace is { } trace ? (ExternalException)ExceptionDispatchInfo.SetRemoteStackTrace(brief, trace) : brief;
    }
}
