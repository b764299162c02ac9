using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>The voting algorithm behind Paxos: acceptors vote for values in ballots (Lamport, "How to Win a Turing Award").</summary>
public static class Voting
{
    public static readonly ModelFamily Family = new(
        "voting",
        "Acceptors vote in ballots such that only one value can be chosen.",
        "tlaplus/Examples, specifications/PaxosHowToWinATuringAward/Voting.tla",
        [
            new ScenarioParameter("acceptors", "how many acceptors", 3, 1, 5),
            new ScenarioParameter("values", "how many values", 2, 1, 3),
            new ScenarioParameter("ballots", "the highest ballot (of the set Ballot)", 2, 0, 4),
            Quorums.Parameter,
        ],
        arguments => Of(arguments["acceptors"], arguments["values"], arguments["ballots"], arguments["quorum"]));

    internal readonly record struct Vote(int Ballot, int Value) : IComparable<Vote>
    {
        public int CompareTo(Vote other) =>
            Ballot.CompareTo(other.Ballot) is var byBallot and not 0 ? byBallot : Value.CompareTo(other.Value);
    }

    // votesUnsafely and ignoresOthers are mistakes: older ballots are not looked at, or not the votes of others in the ballot.
    // mayMiss: the assumption on quorums does not hold.
    internal static Model Of(
        int acceptorCount, int valueCount, int maxBallot, int quorum = 0, bool votesUnsafely = false,
        bool ignoresOthers = false, bool mayMiss = false)
    {
        var acceptors = Enumerable.Range(1, acceptorCount).ToArray();
        var values = Enumerable.Range(1, valueCount).ToArray();
        var ballots = Enumerable.Range(0, maxBallot + 1).ToArray();
        var quorums = Quorums.Of(acceptors, quorum, mayMiss);

        var m = new ModelBuilder("voting");
        var votes = m.Table("votes", acceptors, Set<Vote>.Empty);
        var maxBal = m.Table("maxBal", acceptors, -1);

        bool VotedFor(State s, int a, int b, int v) => votes[s, a].Contains(new Vote(b, v));
        bool DidNotVoteAt(State s, int a, int b) => votes[s, a].All(vote => vote.Ballot != b);
        bool ChosenAt(State s, int b, int v) => quorums.Any(q => q.All(a => VotedFor(s, a, b, v)));
        bool Chosen(State s, int v) => ballots.Any(b => ChosenAt(s, b, v));
        bool NoneOtherChoosableAt(State s, int b, int v) => quorums.Any(q => q.All(a =>
            VotedFor(s, a, b, v) || (maxBal[s, a] > b && DidNotVoteAt(s, a, b))));
        bool SafeAt(State s, int b, int v) => Enumerable.Range(0, b).All(c => NoneOtherChoosableAt(s, c, v));

        void ShowsSafeAt(ModelStep s, int b, int v)
        {
            var q = s.Choose(quorums);
            s.Await(q.All(a => maxBal[s, a] >= b));
            var c = s.Choose(Enumerable.Range(-1, b + 1));
            if (c != -1)
            {
                s.Await(VotedFor(s, s.Choose(q), c, v));
            }

            s.Await(Enumerable.Range(c + 1, b - c - 1).All(d => q.All(a => DidNotVoteAt(s, a, d))));
        }

        foreach (var b in ballots)
        {
            m.Step($"IncreaseMaxBal({b})", acceptors, (s, a) =>
            {
                s.Await(b > maxBal[s, a]);
                maxBal[s, a] = b;
            });
            foreach (var v in values)
            {
                m.Step($"VoteFor({b}, {v})", acceptors, (s, a) =>
                {
                    s.Await(maxBal[s, a] <= b);
                    s.Await(DidNotVoteAt(s, a, b));
                    s.Await(ignoresOthers || acceptors.Where(c => c != a).All(c =>
                        votes[s, c].All(vote => vote.Ballot != b || vote.Value == v)));
                    if (!votesUnsafely)
                    {
                        ShowsSafeAt(s, b, v);
                    }

                    votes[s, a] = votes[s, a].Add(new Vote(b, v));
                    maxBal[s, a] = b;
                });
            }
        }

        m.Always(
            "VotesSafe", "An acceptor votes only for a value that is safe at the ballot.",
            s => acceptors.All(a => votes[s, a].All(vote => SafeAt(s, vote.Ballot, vote.Value))));
        m.Always(
            "OneValuePerBallot", "All votes in a ballot are for one value.",
            s => acceptors.SelectMany(a => votes[s, a]).GroupBy(vote => vote.Ballot)
                .All(group => group.Select(vote => vote.Value).Distinct().Count() == 1));
        m.Always(
            "Consistency", "At most one value is chosen.",
            s => values.Count(v => Chosen(s, v)) <= 1);
        m.Sometimes("Chosen", "A value is chosen.", s => values.Any(v => Chosen(s, v)));
        Consensus.AddTo(m, "C!Spec", values, Chosen);
        return m.Build();
    }
}
