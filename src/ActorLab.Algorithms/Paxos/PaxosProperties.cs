using ActorLab.Core;

namespace ActorLab.Algorithms.Paxos;

/// <summary>The requirements of section 2.1, on what acceptors accepted and what learners learned.</summary>
/// <param name="options">How many there are of each role.</param>
/// <param name="proposed">The values that users ask for.</param>
public sealed class PaxosProperties(PaxosOptions options, Set<string> proposed)
{
    public const string LearnersLearnInTheEnd = "Learners Learn In The End";

    public const string ProposerIsToldInTheEnd = "A Proposer That Goes On Is Told";

    /// <summary>
    /// Which acceptors ever accepted which proposal. Acceptors remember the highest only; a proposal that a majority
    /// accepted is chosen for good, even where some have accepted a higher one since.
    /// </summary>
    public Observer<Map<Ballot, Map<string, Set<Address>>>> Acceptances { get; } = new(
        "acceptances", Map<Ballot, Map<string, Set<Address>>>.Empty, Fold);

    /// <summary>Of a scenario with clients: what users asked for, whoever they are.</summary>
    public Observer<Set<string>> Asked { get; } = new(
        "asked", [],
        (asked, happening) => happening.Input is Input.Deliver { Message: PaxosMessage.Invoke { Value: { } value } }
            ? asked.Add(value)
            : asked);

    public Seq<Observer> Observers => options.Clients > 0 ? [Acceptances, Asked] : [Acceptances];

    public Seq<Property> All =>
    [
        new Property.Always(
            "Consistency", "Only a single value is chosen.", world => Chosen(world).Take(2).Count() <= 1),
        new Property.Always(
            "Nontriviality", "Only a value that has been proposed may be chosen.",
            world => Chosen(world).All(options.Clients > 0 ? world.Observed(Asked).Contains : proposed.Contains)),
        new Property.Always(
            "Truthful Learning", "A process never learns that a value has been chosen unless it actually has been.",
            world => world.All<LearnerState>().All(learner =>
                learner.State.Learned is null || Chosen(world).Contains(learner.State.Learned))),
        new Property.Always(
            "One Value Per Ballot", "No two values are accepted under one number.",
            world => world.Observed(Acceptances).Values.All(values => values.Count == 1)),
        new Property.Always(
            "A Chosen Value Stays",
            "When a value is chosen, every one that is accepted under a higher number is the same.", Stays),
        new Property.Sometimes("A Value Is Chosen", "A majority accepts a proposal.", world => Chosen(world).Any()),
        .. options.Proposers == 1 && options.Ballots == 1 ? Seq<Property>.Empty : [Duel],
        .. options.LearnersAsk ? [LearnersLearn] : Seq<Property>.Empty,
        .. options.Alone > 0 ? [ProposerIsTold] : Seq<Property>.Empty,
    ];

    /// <summary>It takes two ballots.</summary>
    private static readonly Property Duel = new Property.Sometimes(
            "Two Proposers Duel", "An acceptor promised a higher ballot than the one it accepted.",
            world => world.All<AcceptorState>().Any(acceptor =>
                acceptor.State.Disk.Accepted is { } accepted && acceptor.State.Disk.Promised > accepted.Number));

    /// <summary>Section 2.4: in the end, if one proposer is left alone. It is no property of <see cref="All"/>.</summary>
    public Property.Temporal InTheEnd => new(
        "A Value Is Chosen In The End", "Once a proposer was asked for a value, a majority accepts a proposal sooner or later.",
        new Formula.Now("a proposer was asked", world => world.All<ProposerState>().Any(proposer => proposer.State.Disk.Round > 0))
            .LeadsTo(new Formula.Now("a value is chosen", world => Chosen(world).Any())));

    /// <summary>
    /// Section 2.3, where the acceptors that run can still tell: see <see cref="Learner"/>. It is a property of scenarios
    /// whose learners ask.
    /// </summary>
    private Property.Temporal LearnersLearn => new(
        LearnersLearnInTheEnd, "When a value is chosen, every learner learns it sooner or later, unless it is down.",
        new Formula.Now("a value is chosen", world => Chosen(world).Any()).LeadsTo(new Formula.Now(
            "every learner that runs knows it",
            world => world.Running<LearnerState>().All(learner => learner.State.Learned is not null))));

    /// <summary>It goes on until it is told: else for ever.</summary>
    private Property.Temporal ProposerIsTold => ProposerIsToldOf(NodeId.Range(options.Proposers).Last());

    private Property.Temporal ProposerIsToldOf(NodeId last) => new(
        ProposerIsToldInTheEnd, "When a value is chosen, no proposer goes on for ever: a learner tells it.",
        new Formula.Now("a value is chosen", world => Chosen(world).Any()).LeadsTo(new Formula.Now(
            "the proposer that goes on rests, or is down",
            world => world.Running<ProposerState>().All(proposer => proposer.Address.Node != last
                || proposer.State.Phase is not (ProposerPhase.Preparing or ProposerPhase.Accepting)))));

    /// <summary>P2b of section 2.2.</summary>
    private bool Stays(IWorld world)
    {
        string? chosen = null;
        foreach (var (_, values) in world.Observed(Acceptances))
        {
            if (chosen is not null && values.Keys.Any(value => value != chosen))
            {
                return false;
            }

            chosen ??= values.Where(value => value.Value.Count > options.Acceptors / 2)
                .Select(value => value.Key).FirstOrDefault();
        }

        return true;
    }

    /// <summary>The values under some number that a majority accepted.</summary>
    private IEnumerable<string> Chosen(IWorld world) =>
        world.Observed(Acceptances).Values
            .SelectMany(values => values)
            .Where(value => value.Value.Count > options.Acceptors / 2)
            .Select(value => value.Key)
            .Distinct();

    private static Map<Ballot, Map<string, Set<Address>>> Fold(
        Map<Ballot, Map<string, Set<Address>>> acceptances, Happening happening)
    {
        if (happening.After is not AcceptorState { Disk.Accepted: var (number, value) }
            || happening.Before is AcceptorState { Disk.Accepted: { } before } && before == new Proposal(number, value))
        {
            return acceptances;
        }

        var values = acceptances.FindOr(number, default);
        return acceptances.Set(number, values.Set(value, values.FindOr(value, []).Add(happening.Where)));
    }
}
