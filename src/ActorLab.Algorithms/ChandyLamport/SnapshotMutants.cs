using ActorLab.Core;

namespace ActorLab.Algorithms.ChandyLamport;

/// <summary>Wrong variants, each of which a property must catch.</summary>
public static class SnapshotMutants
{
    /// <summary>All of them, as users name them.</summary>
    public static Seq<Mutant> All { get; } =
    [
        Of(
            "sends-before-marker",
            "Section 3.2, Marker-Sending Rule: a process sends the marker before it sends any further message along the channel.",
            "ChandyLamportProcess.cs, Record", [SnapshotProperties.RecordedTotal],
            account => new SendsBeforeMarker(account)),
        Of(
            "drops-channel-state",
            "Section 3.2, Marker-Receiving Rule: the state of a channel is what came along it between recording and marker.",
            "ChandyLamportProcess.cs, InChannel", [SnapshotProperties.RecordedTotal],
            account => new DropsChannelState(account)),
        Of(
            "records-after-its-marker",
            "Section 3.2: a process records its own state before it sends anything that comes after its marker.",
            "ChandyLamportProcess.cs, Record", [SnapshotProperties.RecordedTotal],
            account => new RecordsAfterItsMarker(account)),
        Of(
            "sends-no-markers", "Section 3.3: the algorithm ends, for each process gets a marker on each of its channels.",
            "ChandyLamportProcess.cs, SendMarkers", [SnapshotProperties.SnapshotsComplete],
            account => new SendsNoMarkers(account)),
        Of(
            "finds-no-work-in-channels",
            "Section 5: a stable property of the recorded state holds of the present, for that state has the channels in it.",
            "ChandyLamportProcess.cs, InChannel", [SnapshotProperties.StableProperty],
            account => new DropsChannelState(account)),
    ];

    private static Mutant Of(
        string name, string givesUp, string where, Seq<string> breaks, Func<AccountOptions, Account> process)
    {
        var spends = breaks.Contains(SnapshotProperties.StableProperty);
        var parameters = SnapshotScenario.Family.Parameters.Select(one =>
            spends && one.Name == "spends" ? one with { Default = 2 } : one);
        return new Mutant(name, givesUp, where, breaks, SnapshotScenario.Family with
        {
            Name = $"{SnapshotScenario.Name}:{name}",
            Summary = $"Chandy-Lamport snapshots, wrong on purpose: {name}.",
            Parameters = parameters.ToSeq(),
            Build = given => SnapshotScenario.Of(SnapshotScenario.OptionsOf(given), process),
        });
    }

    /// <summary>
    /// Records its state at once and sends its markers a while later: what it sends between is counted twice.
    /// </summary>
    private sealed class SendsBeforeMarker(AccountOptions options) : ChandyLamportProcess(options)
    {
        private const string Later = "markers";

        public override AccountState Expire(AccountState state, Timer timer, Turn<BankMessage> turn)
        {
            if (!timer.Name.StartsWith(Later, StringComparison.Ordinal))
            {
                return base.Expire(state, timer, turn);
            }

            base.SendMarkers(IdIn(timer.Name), turn);
            return state;
        }

        protected override void SendMarkers(SnapshotId snapshot, Turn<BankMessage> turn) =>
            turn.Start(Timer.Fixed($"{Later} {snapshot}", TimeSpan.FromMilliseconds(20)));
    }

    /// <summary>Takes every channel for empty.</summary>
    private sealed class DropsChannelState(AccountOptions options) : ChandyLamportProcess(options)
    {
        protected override LocalSnapshot InChannel(LocalSnapshot part, NodeId channel, long amount) => part;
    }

    /// <summary>
    /// Sends its markers at once and records its state a while later: what it sends between is counted nowhere.
    /// </summary>
    private sealed class RecordsAfterItsMarker(AccountOptions options) : ChandyLamportProcess(options)
    {
        private const string Later = "record";

        public override AccountState Expire(AccountState state, Timer timer, Turn<BankMessage> turn)
        {
            if (!timer.Name.StartsWith(Later, StringComparison.Ordinal))
            {
                return base.Expire(state, timer, turn);
            }

            var snapshot = IdIn(timer.Name);
            var part = state.Disk.Parts[snapshot].Close(turn.Self.Node) with { State = state.Disk.Balance };
            return HandIn(WithPart(state, snapshot, part), snapshot, turn);
        }

        /// <summary>The part stays open, as if by a channel from the process to itself, until the state is in it.</summary>
        protected override AccountState Record(
            AccountState state, SnapshotId snapshot, NodeId? markerCameOn, Turn<BankMessage> turn)
        {
            SendMarkers(snapshot, turn);
            turn.Start(Timer.Fixed($"{Later} {snapshot}", TimeSpan.FromMilliseconds(20)));
            var open = markerCameOn is { } channel ? Options.Incoming.Remove(channel) : Options.Incoming;
            return WithPart(state, snapshot, LocalSnapshot.Begin(state.Disk.Balance, open.Add(turn.Self.Node)));
        }

        /// <summary>What comes before the state is recorded is in the state; it is right in this.</summary>
        protected override LocalSnapshot InChannel(LocalSnapshot part, NodeId channel, long amount) =>
            part.Open.Except(Options.Incoming).IsEmpty ? base.InChannel(part, channel, amount) : part;
    }

    private sealed class SendsNoMarkers(AccountOptions options) : ChandyLamportProcess(options)
    {
        protected override void SendMarkers(SnapshotId snapshot, Turn<BankMessage> turn)
        {
        }
    }

    private static SnapshotId IdIn(string timer)
    {
        var (initiator, number) = timer.Split(' ')[1].Split('#') is [var by, var count] ? (by, count) : ("", "0");
        return new SnapshotId(new NodeId(initiator), int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
    }
}
