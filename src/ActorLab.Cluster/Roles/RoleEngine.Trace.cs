namespace ActorLab.Cluster;

/// <content>What the trace shows of turns.</content>
internal sealed partial class RoleEngine
{
    private void RecordSend(SentMessage sent, long at, long cause, ClockReading clock)
    {
        var index = _setup.Trace.Record(
            at, TraceKind.Send, _setup.Self, sent.Send.Message, sent.Send.To, sent.Number, cause, sent.Bytes, clock);
        if (sent.LostTo is { } reason)
        {
            _setup.Trace.Record(at, TraceKind.Drop, _setup.Self, reason, sent.Send.To, sent.Number, index);
        }
        else if (sent.IsRepeated)
        {
            _setup.Trace.Record(at, TraceKind.Duplicate, _setup.Self, "gets a second copy", sent.Send.To, sent.Number, index);
        }
    }

    private long RecordInput(TurnRecord turn) => turn.Input switch
    {
        Input.Boot => _setup.Trace.Record(turn.At, TraceKind.Boot, _setup.Self, $"incarnation {_incarnation}", clock: turn.Clock),
        Input.Expire expire => _setup.Trace.Record(turn.At, TraceKind.Expire, _setup.Self, expire.Timer.Name, clock: turn.Clock),
        Input.Deliver deliver => _setup.Trace.Record(
            turn.At,
            deliver.Sender == Address.Outside ? TraceKind.Operation : TraceKind.Deliver,
            _setup.Self, deliver.Message, deliver.Sender, turn.Number, -1, turn.Bytes, turn.Clock),
        _ => -1,
    };

    private static string TextOf((int Chosen, int Options) dice) => $"chose {dice.Chosen} of {dice.Options}";
}
