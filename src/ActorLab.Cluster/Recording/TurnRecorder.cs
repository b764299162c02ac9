using System.Buffers;

namespace ActorLab.Cluster;

/// <summary>Writes the turns of one role into its node's recording.</summary>
internal sealed class TurnRecorder(NodeRecording recording, RoleSetup setup)
{
    private readonly string _role = setup.Self.ToString();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly CanonicalMemory _fingerprints = new();
    private long _incarnation;
    private bool _alive;

    public void Begin(long incarnation) => (_incarnation, _alive) = (incarnation, true);

    /// <summary>A turn ran; call before anything of it leaves.</summary>
    public void Turn(
        long turn, long at, Input input, long envelope, Step step, long firstSent, IReadOnlyList<(int Chosen, int Options)> dice)
    {
        var sent = step.Effects.Count(effect => effect is Effect.Send);
        recording.Append(Line(turn, at, input, envelope, dice) with
        {
            Clock = step.ClockRead is { } clock ? [clock.Earliest, clock.Latest] : null,
            Sent = sent == 0 ? null : [.. Enumerable.Range(0, sent).Select(i => firstSent + i)],
            State = RecordingFormat.TextOf(_fingerprints.Fingerprint(step.State)),
        });
    }

    /// <summary>A turn threw.</summary>
    public void Failed(
        long turn, long at, Input input, long envelope, IReadOnlyList<(int Chosen, int Options)> dice, Exception error) =>
        recording.Append(Line(turn, at, input, envelope, dice) with { Error = $"{error.GetType().Name}: {error.Message}" });

    /// <summary>The disk has the changes of all turns up to this one.</summary>
    public void Durable(long through) =>
        recording.Append(new RecordedLine.Durable(TraceRing.Now, _role, _incarnation, through));

    /// <summary>Memory is gone.</summary>
    public void Crash(string reason)
    {
        if (_alive)
        {
            recording.Append(new RecordedLine.Crash(TraceRing.Now, _role, _incarnation, reason));
        }

        _alive = false;
    }

    /// <summary>The role ended in order.</summary>
    public void Stop()
    {
        if (_alive)
        {
            recording.Append(new RecordedLine.Stop(TraceRing.Now, _role, _incarnation));
        }

        _alive = false;
    }

    private RecordedLine.Turn Line(
        long turn, long at, Input input, long envelope, IReadOnlyList<(int Chosen, int Options)> dice)
    {
        var deliver = input as Input.Deliver;
        return new RecordedLine.Turn(
            at, _role, _incarnation, turn,
            input switch
            {
                Input.Boot => TurnInput.Boot,
                Input.Expire => TurnInput.Expire,
                _ => deliver!.Sender == Address.Outside ? TurnInput.Operation : TurnInput.Deliver,
            },
            deliver is null || deliver.Sender == Address.Outside ? null : deliver.Sender.ToString(),
            envelope,
            PayloadOf(input),
            (input as Input.Expire)?.Timer.Name,
            dice.Count == 0 ? null : [.. dice.SelectMany(thrown => new[] { thrown.Chosen, thrown.Options })],
            Clock: null, Sent: null, State: null, Error: null);
    }

    private byte[]? PayloadOf(Input input)
    {
        switch (input)
        {
            case Input.Boot boot:
                return setup.Binding.WriteDisk(boot.Disk);
            case Input.Deliver deliver:
                _buffer.ResetWrittenCount();
                setup.Binding.WriteMessage(_buffer, deliver.Message);
                return _buffer.WrittenSpan.ToArray();
            default:
                return null;
        }
    }
}
