namespace Autoencoders.Compression;

/// <summary>One thread of those that decode a file.</summary>
internal sealed class DecodingWorker(ContextModel context, IntegerSynthesis synthesis, int lanes)
{
    private readonly ContextState[] _states = [.. Enumerable.Range(0, lanes).Select(_ => context.CreateState())];
    private readonly RangeDecoder[] _decoders = new RangeDecoder[lanes];

    /// <summary>Working memory to draw with.</summary>
    public SynthesisState Synthesis { get; } = synthesis.CreateState();

    /// <summary>Decodes some groups, one image of each at a time.</summary>
    /// <param name="images">The file.</param>
    /// <param name="first">The first group.</param>
    /// <param name="ends">Takes the bit where each group ended: one for each group to decode.</param>
    /// <param name="take">Told each image's index and symbols.</param>
    public void Decode(CompressedImages images, int first, Span<long> ends, Action<int, DecodingWorker, byte[]> take)
    {
        for (var i = 0; i < ends.Length; i++)
        {
            _decoders[i] = images.DecoderOf(first + i);
        }

        for (var place = 0; place < images.ImagesIn(first); place++)
        {
            // Only the last group can have fewer images.
            var groups = place < images.ImagesIn(first + ends.Length - 1) ? ends.Length : ends.Length - 1;
            context.Decode(_decoders.AsSpan(0, groups), _states.AsSpan(0, groups), ends[..groups]);
            for (var i = 0; i < groups; i++)
            {
                take((first + i) * images.GroupSize + place, this, _states[i].Symbols);
            }
        }
    }
}
