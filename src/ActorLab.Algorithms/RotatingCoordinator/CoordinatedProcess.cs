using ActorLab.Algorithms.Consensus;
using ActorLab.Core;
using static ActorLab.Algorithms.RotatingCoordinator.CoordinatorMessage;

namespace ActorLab.Algorithms.RotatingCoordinator;

/// <summary>Where a process is in its round.</summary>
public enum CoordinatedPhase
{
    /// <summary>It has not taken its first step.</summary>
    Waking,

    /// <summary>Phase 1: it waits for the coordinator, or for its suspicion.</summary>
    Coordinator,

    /// <summary>Phase 2: it waits for a majority.</summary>
    Majority,

    /// <summary>It decided, or retired.</summary>
    Done,
}

/// <param name="Disk">The input and the decision.</param>
/// <param name="IsRetired">It crashed before.</param>
/// <param name="Round">r, from 1; 0 before, and once it is done.</param>
/// <param name="Phase">Of the round.</param>
/// <param name="Estimate">est; null once it is done.</param>
/// <param name="Heard">The EST messages of this round and of later ones, by sender, its own among them.</param>
public sealed record CoordinatedState(
    ConsensusDisk Disk, bool IsRetired, int Round, CoordinatedPhase Phase, int? Estimate,
    Map<int, Map<Address, int?>> Heard) : IConsensusState;

/// <summary>Rounds of two phases, each with another coordinator, that tolerate a minority of crashes.</summary>
/// <param name="processes">All of them.</param>
/// <param name="suspects">Whether it ever suspects a coordinator.</param>
/// <param name="inputs">In the order of the processes; empty for any.</param>
public class CoordinatedProcess(Seq<Address> processes, bool suspects, Seq<int> inputs)
    : IRole<CoordinatedState, ConsensusDisk, CoordinatorMessage>
{
    /// <summary>
    /// The failure detector: whoever does not hear from the coordinator for so long suspects it. In an asynchronous world
    /// that says nothing about a crash, and that is all there is.
    /// </summary>
    private static readonly Timer Suspicion =
        Timer.Between("suspicion", TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600));

    public ConsensusDisk EmptyDisk => ConsensusDisk.Empty;

    public CoordinatedState Boot(ConsensusDisk disk, Turn<CoordinatorMessage> turn)
    {
        if (disk.Input is not null)
        {
            return new CoordinatedState(disk, IsRetired: true, 0, CoordinatedPhase.Done, null, default);
        }

        turn.Start(Inputs.Begin);
        disk = Inputs.First(inputs, processes.ToList().IndexOf(turn.Self), turn);
        return new CoordinatedState(disk, IsRetired: false, 0, CoordinatedPhase.Waking, disk.Input, default);
    }

    public CoordinatedState Receive(
        CoordinatedState state, Address sender, CoordinatorMessage message, Turn<CoordinatorMessage> turn)
    {
        switch (message)
        {
            case Decide(var value) when state.Phase != CoordinatedPhase.Done:
                return Done(state, value, turn);

            case Estimate(var round, var value)
                when state.Phase != CoordinatedPhase.Done && round >= state.Round && !HeardIn(state, round).ContainsKey(sender):
                var heard = state.Heard.Set(round, HeardIn(state, round).Set(sender, value));
                return Advance(state with { Heard = heard }, turn);

            default: // It has decided, or left that round behind with a majority, or heard this before.
                return state;
        }
    }

    /// <summary>It begins; or it suspects the coordinator of its round, and goes on without an estimate of it.</summary>
    public CoordinatedState Expire(CoordinatedState state, Timer timer, Turn<CoordinatorMessage> turn) => state.Phase switch
    {
        CoordinatedPhase.Waking => Advance(NextRound(state, state.Estimate!.Value, turn), turn),
        CoordinatedPhase.Coordinator => Advance(Phase2(state, null, turn), turn),
        _ => state, // A timer that a host let go off while it was being cancelled.
    };

    /// <summary>How many processes are enough in phase 2.</summary>
    protected virtual bool IsEnough(int heard) => heard > processes.Count / 2;

    /// <summary>What it takes into the next round: what it got from the coordinator by whomever, else what it had.</summary>
    protected virtual int Next(int estimate, int? fromCoordinator) => fromCoordinator ?? estimate;

    /// <summary>Whether what it heard in phase 2 decides: all the same, and none of it nothing.</summary>
    protected virtual bool IsDecisive(int values, int heard) => values == heard;

    /// <summary>What it says in phase 2.</summary>
    protected virtual void Say(IEnumerable<Address> others, Estimate estimate, Turn<CoordinatorMessage> turn) =>
        turn.Tell(others, estimate);

    private static Map<Address, int?> HeardIn(CoordinatedState state, int round) => state.Heard.FindOr(round, default);

    private Address CoordinatorOf(int round) => processes[(round - 1) % processes.Count];

    /// <summary>Takes all the steps for which it has heard enough.</summary>
    private CoordinatedState Advance(CoordinatedState state, Turn<CoordinatorMessage> turn)
    {
        while (true)
        {
            var heard = HeardIn(state, state.Round);
            if (state.Phase == CoordinatedPhase.Coordinator && heard.TryGetValue(CoordinatorOf(state.Round), out var estimate))
            {
                state = Phase2(state, estimate, turn);
            }
            else if (state.Phase == CoordinatedPhase.Majority && IsEnough(heard.Count))
            {
                state = Conclude(state, heard, turn);
            }
            else
            {
                return state;
            }
        }
    }

    /// <summary>Phase 1: the coordinator has its own estimate at once, the others wait.</summary>
    private CoordinatedState NextRound(CoordinatedState state, int estimate, Turn<CoordinatorMessage> turn)
    {
        var next = state with
        {
            Round = state.Round + 1,
            Phase = CoordinatedPhase.Coordinator,
            Estimate = estimate,
            Heard = state.Heard.Remove(state.Round),
        };
        if (CoordinatorOf(next.Round) == turn.Self)
        {
            return Phase2(next, estimate, turn);
        }

        if (suspects)
        {
            turn.Start(Suspicion);
        }

        return next;
    }

    /// <summary>Phase 2: everybody tells everybody what came of phase 1.</summary>
    private CoordinatedState Phase2(CoordinatedState state, int? fromCoordinator, Turn<CoordinatorMessage> turn)
    {
        turn.Cancel(Suspicion);
        Say(Others(turn), new Estimate(state.Round, fromCoordinator), turn);
        return state with
        {
            Phase = CoordinatedPhase.Majority,
            Heard = state.Heard.Set(state.Round, HeardIn(state, state.Round).Set(turn.Self, fromCoordinator)),
        };
    }

    /// <summary>All who heard of the coordinator's estimate heard of the same; if a majority did, nobody can miss it.</summary>
    private CoordinatedState Conclude(CoordinatedState state, Map<Address, int?> heard, Turn<CoordinatorMessage> turn)
    {
        var values = heard.Values.Where(value => value is not null).ToList();
        return values.Count > 0 && IsDecisive(values.Count, heard.Count)
            ? Done(state, values[0]!.Value, turn)
            : NextRound(state, Next(state.Estimate!.Value, values.FirstOrDefault()), turn);
    }

    private CoordinatedState Done(CoordinatedState state, int decision, Turn<CoordinatorMessage> turn)
    {
        turn.Note($"decides {decision}");
        turn.Cancel(Inputs.Begin);
        turn.Cancel(Suspicion);
        turn.Tell(Others(turn), new Decide(decision));
        return new CoordinatedState(
            state.Disk with { Decided = decision }, IsRetired: false, 0, CoordinatedPhase.Done, null, default);
    }

    private IEnumerable<Address> Others(Turn<CoordinatorMessage> turn) => processes.Where(process => process != turn.Self);
}
