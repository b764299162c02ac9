using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Single-decree Paxos over a set of messages that only grows (Lamport, "How to Win a Turing Award").</summary>
public static class PaxosSpec
{
    public static readonly ModelFamily Family = new(
        "paxos-spec",
        "Paxos as its specification has it: leaders are actions, messages a set that only grows.",
        "tlaplus/Examples, specifications/PaxosHowToWinATuringAward/Paxos.tla",
        [
            new ScenarioParameter("acceptors", "how many acceptors", 3, 1, 5),
            new ScenarioParameter("values", "how many values", 2, 1, 3),
            new ScenarioParameter("ballots", "the highest ballot (MaxBallot)", 1, 0, 4),
            Quorums.Parameter,
        ],
        arguments => Of(arguments["acceptors"], arguments["values"], arguments["ballots"], arguments["quorum"]));

    /// <param name="Type">1a, 1b, 2a or 2b.</param>
    /// <param name="Ballot">Its ballot.</param>
    /// <param name="Acceptor">Of 1b and 2b, who says it; else 0.</param>
    /// <param name="MaxVBallot">Of 1b, the ballot of the last vote; else -1.</param>
    /// <param name="Value">Of 1b the last vote's value, of 2a and 2b the value; 0 for none.</param>
    internal readonly record struct Message(string Type, int Ballot, int Acceptor, int MaxVBallot, int Value)
        : IComparable<Message>
    {
        private (int, int, int, int) Rest => (Ballot, Acceptor, MaxVBallot, Value);

        public int CompareTo(Message other) =>
            string.CompareOrdinal(Type, other.Type) is var byType and not 0 ? byType : Rest.CompareTo(other.Rest);
    }

    // Mistakes: ignoresVotes, a leader proposes what it likes; proposesTwice, two values in a ballot; forgetsBallot, a vote
    // is no promise. mayMiss: the assumption on quorums does not hold.
    internal static Model Of(
        int acceptorCount, int valueCount, int maxBallot, int quorum = 0,
        bool ignoresVotes = false, bool proposesTwice = false, bool forgetsBallot = false, bool mayMiss = false)
    {
        var acceptors = Enumerable.Range(1, acceptorCount).ToArray();
        var values = Enumerable.Range(1, valueCount).ToArray();
        var ballots = Enumerable.Range(0, maxBallot + 1).ToArray();
        var quorums = Quorums.Of(acceptors, quorum, mayMiss);

        var m = new ModelBuilder("paxos-spec");
        var maxBal = m.Table("maxBal", acceptors, -1);
        var maxVBal = m.Table("maxVBal", acceptors, -1);
        var maxVal = m.Table("maxVal", acceptors, 0);
        var msgs = m.Variable("msgs", Set<Message>.Empty);

        m.Step("Phase1a", ballots, (s, b) => msgs[s] = msgs[s].Add(new Message("1a", b, 0, -1, 0)));
        foreach (var b in ballots)
        {
            m.Step($"Phase2a({b})", values, (s, v) =>
            {
                s.Await(proposesTwice || !msgs[s].Any(one => one.Type == "2a" && one.Ballot == b));
                var q = s.Choose(quorums);
                var answers = msgs[s].Where(one => one.Type == "1b" && one.Ballot == b && q.Contains(one.Acceptor)).ToList();
                s.Await(q.All(a => answers.Any(one => one.Acceptor == a)));
                var voted = answers.Where(one => one.MaxVBallot >= 0).ToList();
                if (voted.Count > 0 && !ignoresVotes)
                {
                    var highest = s.Choose(voted);
                    s.Await(highest.Value == v && voted.All(one => highest.MaxVBallot >= one.MaxVBallot));
                }

                msgs[s] = msgs[s].Add(new Message("2a", b, 0, -1, v));
            });
        }

        m.Step("Phase1b", acceptors, (s, a) =>
        {
            var request = s.Choose(msgs[s].Where(one => one.Type == "1a"));
            s.Await(request.Ballot > maxBal[s, a]);
            maxBal[s, a] = request.Ballot;
            msgs[s] = msgs[s].Add(new Message("1b", request.Ballot, a, maxVBal[s, a], maxVal[s, a]));
        });
        m.Step("Phase2b", acceptors, (s, a) =>
        {
            var request = s.Choose(msgs[s].Where(one => one.Type == "2a"));
            s.Await(request.Ballot >= maxBal[s, a]);
            maxBal[s, a] = forgetsBallot ? maxBal[s, a] : request.Ballot;
            maxVBal[s, a] = request.Ballot;
            maxVal[s, a] = request.Value;
            msgs[s] = msgs[s].Add(new Message("2b", request.Ballot, a, -1, request.Value));
        });

        bool Voted(State s, int a, int b, int v) => msgs[s].Contains(new Message("2b", b, a, -1, v));
        bool Chosen(State s, int v) => ballots.Any(b => quorums.Any(q => q.All(a => Voted(s, a, b, v))));
        m.Always(
            "Consistency", "At most one value is chosen.", s => values.Count(v => Chosen(s, v)) <= 1);
        m.Always(
            "Inv", "The inductive invariant of the proof.",
            s => acceptors.All(a => IsSound(s, a)) && msgs[s].All(one => IsSoundMessage(s, one)));
        m.Sometimes("Chosen", "A value is chosen.", s => values.Any(v => Chosen(s, v)));
        Consensus.AddTo(m, "V!C!Spec", values, Chosen);
        return m.Build();

        bool IsSound(State s, int a) => maxBal[s, a] >= maxVBal[s, a]
            && (maxVBal[s, a] == -1 ? maxVal[s, a] == 0 : Voted(s, a, maxVBal[s, a], maxVal[s, a]));

        bool IsSoundMessage(State s, Message one) => one.Type switch
        {
            "1b" => maxBal[s, one.Acceptor] >= one.Ballot
                && (one.MaxVBallot < 0 || Voted(s, one.Acceptor, one.MaxVBallot, one.Value)),
            "2a" => quorums.Any(q => ShowsSafeAt(s, q, one.Ballot, one.Value))
                && msgs[s].All(other => other.Type != "2a" || other.Ballot != one.Ballot || other.Value == one.Value),
            "2b" => maxVBal[s, one.Acceptor] >= one.Ballot
                && msgs[s].Contains(new Message("2a", one.Ballot, 0, -1, one.Value)),
            _ => true, // A 1a says nothing but that its ballot has begun.
        };

        // The last ballot below b in which some of q voted, if there is one, had a vote for v.
        bool ShowsSafeAt(State s, int[] q, int b, int v) => q.All(a => maxBal[s, a] >= b)
            && Enumerable.Range(-1, b + 1).Any(c => (c == -1 || q.Any(a => Voted(s, a, c, v)))
                && Enumerable.Range(c + 1, b - c - 1).All(d => q.All(a => values.All(any => !Voted(s, a, d, any)))));
    }
}
