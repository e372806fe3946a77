using System.Runtime.InteropServices;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace Autoencoders.Compression;

/// <summary>A lossless model as named integers, as it is stored.</summary>
internal sealed class LosslessWeights
{
    private readonly SortedDictionary<string, Array> _arrays = new(StringComparer.Ordinal);

    /// <summary>The numbers of a file.</summary>
    /// <exception cref="ArgumentException">A tensor is not of 16- or 32-bit integers.</exception>
    public static LosslessWeights From(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var weights = new LosslessWeights();
        foreach (var (name, tensor) in tensors)
        {
            using var packed = tensor.contiguous();
            weights._arrays[name] = tensor.dtype switch
            {
                ScalarType.Int16 => MemoryMarshal.Cast<byte, short>(packed.bytes).ToArray(),
                ScalarType.Int32 => MemoryMarshal.Cast<byte, int>(packed.bytes).ToArray(),
                var type => throw new ArgumentException($"'{name}' has the type {type} instead of Int16 or Int32."),
            };
        }

        return weights;
    }

    /// <summary>The names, in their order.</summary>
    public IEnumerable<string> Names => _arrays.Keys;

    /// <summary>Adds a tensor, rounded to whole units.</summary>
    /// <typeparam name="T">Short or int.</typeparam>
    /// <exception cref="ArgumentException">A number is not finite, or beyond the type: training went wrong.</exception>
    public void Add<T>(string name, Tensor values, double unit)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        double largest = typeof(T) == typeof(short) ? short.MaxValue : int.MaxValue;
        double[] rounded = [.. values.detach().to(ScalarType.Float64).contiguous().data<double>().Select(value => Math.Round(value * unit))];
        if (!rounded.All(value => Math.Abs(value) <= largest))
        {
            throw new ArgumentException($"The weights '{name}' are not finite, or beyond {largest / unit:N0}: training went wrong.", nameof(values));
        }

        _arrays[name] = typeof(T) == typeof(short) ? Array.ConvertAll(rounded, value => (short)value) : Array.ConvertAll(rounded, value => (int)value);
    }

    /// <summary>Adds numbers as they are.</summary>
    public void Add(string name, params int[] values) => _arrays[name] = values;

    /// <summary>The numbers of one name.</summary>
    /// <typeparam name="T">Short or int.</typeparam>
    /// <exception cref="ArgumentException">They are missing, or of another type or number.</exception>
    public T[] Get<T>(string name, int count) => _arrays.GetValueOrDefault(name) switch
    {
        null => throw new ArgumentException($"'{name}' is missing."),
        T[] values when values.Length == count => values,
        var values => throw new ArgumentException($"'{name}' has {values.Length} numbers of the type {values.GetType().GetElementType()!.Name}, and should have {count} of the type {typeof(T).Name}."),
    };

    /// <summary>Refuses what belongs to no model.</summary>
    /// <exception cref="ArgumentException">There is a name that is not among <paramref name="known"/>.</exception>
    public void CheckNames(IEnumerable<string> known)
    {
        if (_arrays.Keys.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new ArgumentException($"'{unknown}' belongs to no such model.");
        }
    }

    /// <summary>What files carry, so that a model of the same name that was trained anew is not taken for it: 8 bytes.</summary>
    public byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, values) in _arrays)
        {
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes($"{name}:{values.Length};"));
            // Byte by byte from the lowest, whatever the machine.
            hash.AppendData(values switch
            {
                short[] shorts => [.. shorts.SelectMany(value => (byte[])[(byte)value, (byte)(value >> 8)])],
                int[] integers => [.. integers.SelectMany(value => (byte[])[(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)])],
                _ => throw new NotSupportedException(),
            });
        }

        return hash.GetHashAndReset()[..8];
    }

    /// <summary>As tensors, which the caller disposes of.</summary>
    public Dictionary<string, Tensor> ToTensors() => _arrays.ToDictionary(entry => entry.Key, entry => entry.Value switch
    {
        short[] shorts => tensor(shorts, ScalarType.Int16),
        int[] integers => tensor(integers, ScalarType.Int32),
        _ => throw new NotSupportedException(),
    });
}
