using System.Runtime.Intrinsics;

namespace Autoencoders.Compression;

/// <summary>One thread of those that decode a file. It goes through several groups side by side, and computes their context models together.</summary>
internal sealed class DecodingWorker
{
    private readonly ContextModel _context;
    private readonly SynthesisState _synthesis;
    private readonly Lane[] _lanes;
    private readonly short[] _activations;
    private readonly Vector512<short>[] _hidden = new Vector512<short>[IntegerLayer.Together];
    private readonly uint[] _backgrounds = new uint[IntegerLayer.Together];

    public DecodingWorker(ContextModel context, IntegerSynthesis synthesis)
    {
        (_context, _synthesis) = (context, synthesis.CreateState());
        _lanes = [.. Enumerable.Range(0, IntegerLayer.Together).Select(_ => new Lane { State = context.CreateState() })];
        _activations = new short[IntegerLayer.Together * context.Shape.Hidden];
    }

    /// <summary>Working memory to draw with.</summary>
    public SynthesisState Synthesis => _synthesis;

    /// <summary>Decodes some groups.</summary>
    /// <param name="images">The file.</param>
    /// <param name="first">The first group.</param>
    /// <param name="last">The one behind the last group.</param>
    /// <param name="ends">For all groups of the file, the bit where each ended.</param>
    /// <param name="take">Told each image's index and symbols.</param>
    public void Decode(CompressedImages images, int first, int last, long[] ends, Action<int, DecodingWorker, byte[]> take)
    {
        var (next, busy) = (first, 0);
        while (busy < _lanes.Length && next < last)
        {
            Begin(ref _lanes[busy++], images, next++);
        }

        while (busy > 0)
        {
            for (var i = 0; i < busy; i++)
            {
                ref var lane = ref _lanes[i];
                while (!_context.DecodeUntilInk(ref lane.Decoder, lane.State))
                {
                    take(lane.Image, this, lane.State.Symbols);
                    if (++lane.Image < lane.EndOfGroup)
                    {
                        _context.Start(lane.State);
                        continue;
                    }

                    ends[lane.Group] = lane.Decoder.EndCodeword();
                    if (next < last)
                    {
                        Begin(ref lane, images, next++);
                    }
                    else if (--busy > i)
                    {
                        (_lanes[i], _lanes[busy]) = (_lanes[busy], _lanes[i]);
                    }
                    else
                    {
                        break;
                    }
                }

                if (i < busy)
                {
                    _context.Activate(lane.State, _activations.AsSpan(i * _context.Shape.Hidden, _context.Shape.Hidden));
                }
            }

            DecodeSymbols(busy);
        }
    }

    private void DecodeSymbols(int busy)
    {
        _context.Apply(_activations, _hidden, _backgrounds);
        for (var i = 0; i < busy; i++)
        {
            ref var lane = ref _lanes[i];
            _context.DecodeSymbol(ref lane.Decoder, lane.State, _hidden[i], _backgrounds[i]);
        }
    }

    private void Begin(ref Lane lane, CompressedImages images, int group)
    {
        lane.Decoder = images.DecoderOf(group);
        (lane.Group, lane.Image) = (group, group * images.GroupSize);
        lane.EndOfGroup = lane.Image + images.ImagesIn(group);
        _context.Start(lane.State);
    }

    private struct Lane
    {
        public required ContextState State;
        public RangeDecoder Decoder;
        public int Group, Image, EndOfGroup;
    }
}
