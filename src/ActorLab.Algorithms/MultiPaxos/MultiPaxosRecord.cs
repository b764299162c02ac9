using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Paxos;
using ActorLab.Core;
using static ActorLab.Algorithms.MultiPaxos.MultiPaxosMessage;

namespace ActorLab.Algorithms.MultiPaxos;

/// <summary>Who accepted one command under one number in one slot.</summary>
public sealed record Cast(LogCommand Command, Set<Address> By);

/// <summary>A command that a majority accepted, and the lowest number under which it did.</summary>
public sealed record ChosenCommand(Ballot Number, LogCommand Command);

/// <summary>All that acceptors ever accepted in one slot: they remember the highest only.</summary>
/// <param name="Casts">By number; more than one under a number is a breach.</param>
/// <param name="Chosen">What a majority accepted first; null before.</param>
public sealed record SlotRecord(Map<Ballot, Seq<Cast>> Casts, ChosenCommand? Chosen)
{
    public static readonly SlotRecord Empty = new(default, null);
}

/// <summary>What a client's request is known by.</summary>
public readonly record struct AskedFor(Address Client, long Session, long Number) : IComparable<AskedFor>
{
    public int CompareTo(AskedFor other) =>
        Client.CompareTo(other.Client) is var byClient and not 0 ? byClient
        : Session.CompareTo(other.Session) is var bySession and not 0 ? bySession
        : Number.CompareTo(other.Number);
}

/// <summary>
/// What happened in a run, as the properties need it: a fold over turns that looks at what a turn changed only, so that a
/// check costs the same however long the log is. What was breached once stays so.
/// </summary>
/// <param name="Slots">By slot.</param>
/// <param name="Asked">What clients asked of leaders.</param>
/// <param name="Executed">The first command that any learner executed, slot by slot.</param>
/// <param name="Breaches">The names of the properties that were breached.</param>
/// <param name="Led">Who ever led.</param>
/// <param name="CaughtUp">A learner learned from another what it had missed.</param>
public sealed record MultiPaxosRecord(
    Map<long, SlotRecord> Slots, Map<AskedFor, KvCommand?> Asked, Seq<LogCommand> Executed, Set<string> Breaches,
    Set<NodeId> Led, bool CaughtUp)
{
    public const string Consistency = "Consistency";
    public const string Nontriviality = "Nontriviality";
    public const string OneValuePerBallot = "One Value Per Ballot";
    public const string ChosenStays = "A Chosen Value Stays";
    public const string TruthfulLearning = "Truthful Learning";
    public const string LedgersAgree = "Ledgers Agree";

    public static readonly MultiPaxosRecord Empty = new(default, default, default, [], [], false);

    /// <summary>The fold, for so many acceptors being a majority.</summary>
    internal static Func<MultiPaxosRecord, Happening, MultiPaxosRecord> Fold(int majority) => (record, happening) =>
        happening.After switch
        {
            AcceptorState after => record.Accept(happening.Before as AcceptorState, after, happening.Where, majority),
            LearnerState after => record.Learn(happening.Before as LearnerState, after, happening.Input),
            LeaderState after => record.Lead(happening.Before as LeaderState, after, happening),
            _ => record,
        };

    private MultiPaxosRecord Accept(AcceptorState? before, AcceptorState after, Address acceptor, int majority)
    {
        var record = this;
        if (before is not null && !ReferenceEquals(before.Disk, after.Disk))
        {
            foreach (var vote in after.Disk.NewSince(before.Disk.Votes))
            {
                record = record.Count(vote, acceptor, majority);
            }
        }

        return record;
    }

    private MultiPaxosRecord Count(Vote vote, Address acceptor, int majority)
    {
        var slot = Slots.FindOr(vote.Slot, SlotRecord.Empty);
        var casts = slot.Casts.FindOr(vote.Number, default);
        var place = PlaceOf(casts, vote.Command);
        var cast = place < casts.Count ? casts[place] : new Cast(vote.Command, []);
        cast = cast with { By = cast.By.Add(acceptor) };
        casts = place < casts.Count ? casts.SetItem(place, cast) : casts.Add(cast);
        slot = slot with { Casts = slot.Casts.Set(vote.Number, casts) };
        var breaches = casts.Count > 1 ? Breaches.Add(OneValuePerBallot) : Breaches;
        if (cast.By.Count >= majority)
        {
            breaches = slot.Chosen is { } chosen && chosen.Command != vote.Command ? breaches.Add(Consistency) : breaches;
            breaches = IsAskedFor(vote.Command) ? breaches : breaches.Add(Nontriviality);
            slot = slot.Chosen is { } known && (known.Number <= vote.Number || known.Command != vote.Command)
                ? slot
                : slot with { Chosen = new ChosenCommand(vote.Number, vote.Command) };
        }

        breaches = Stays(slot) ? breaches : breaches.Add(ChosenStays);
        return this with { Slots = Slots.Set(vote.Slot, slot), Breaches = breaches };
    }

    /// <summary>
    /// P2b: under every higher number than the one under which a value was chosen, that value is accepted.
    /// </summary>
    private static bool Stays(SlotRecord slot) =>
        slot.Chosen is not { } chosen || slot.Casts.All(ballot =>
            ballot.Key <= chosen.Number || ballot.Value.All(cast => cast.Command == chosen.Command));

    private static int PlaceOf(Seq<Cast> casts, LogCommand command)
    {
        var place = 0;
        while (place < casts.Count && casts[place].Command != command)
        {
            place++;
        }

        return place;
    }

    private bool IsAskedFor(LogCommand command) => command switch
    {
        LogCommand.Operation operation =>
            Asked.TryGetValue(new AskedFor(operation.Client, operation.Session, operation.Number), out var asked)
            && asked == operation.Command,
        LogCommand.OpenSession open => Asked.ContainsKey(new AskedFor(open.Client, -1, open.Nonce)),
        _ => true, // a no-op is a value that leaders may propose
    };

    private MultiPaxosRecord Learn(LearnerState? before, LearnerState after, Input input)
    {
        if (before is null || before.Executed == after.Executed)
        {
            return this;
        }

        var (executed, breaches) = (Executed, Breaches);
        for (var i = before.Disk.Ledger.Count; i < after.Disk.Ledger.Count; i++)
        {
            var command = after.Disk.Ledger[i];
            breaches = Slots.Find(i + 1)?.Chosen?.Command == command ? breaches : breaches.Add(TruthfulLearning);
            if (i == executed.Count)
            {
                executed = executed.Add(command);
            }
            else if (executed[i] != command)
            {
                breaches = breaches.Add(LedgersAgree);
            }
        }

        return this with
        {
            Executed = executed,
            Breaches = breaches,
            CaughtUp = CaughtUp || input is Input.Deliver { Message: Decrees },
        };
    }

    private MultiPaxosRecord Lead(LeaderState? before, LeaderState after, Happening happening)
    {
        var record = happening.Input switch
        {
            Input.Deliver { Message: Request asked } deliver => this with
            {
                Asked = Asked.Set(new AskedFor(deliver.Sender, asked.Session, asked.Number), asked.Command),
            },
            Input.Deliver { Message: OpenSession open } deliver => this with
            {
                Asked = Asked.Set(new AskedFor(deliver.Sender, -1, open.Nonce), null),
            },
            _ => this,
        };
        return before?.Phase != LeaderPhase.Leading && after.Phase == LeaderPhase.Leading
            ? record with { Led = record.Led.Add(happening.Where.Node) }
            : record;
    }
}
