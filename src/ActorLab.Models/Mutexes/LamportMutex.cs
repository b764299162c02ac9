using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>Mutual exclusion by logical clocks (Lamport, "Time, Clocks, and the Ordering of Events", 1978) over FIFO links.</summary>
public static class LamportMutex
{
    public static readonly ModelFamily Family = new(
        "lamport-mutex",
        "Mutual exclusion by logical clocks, requests, acknowledgements and releases.",
        "tlaplus/Examples, specifications/lamport_mutex/LamportMutex.tla",
        [
            new ScenarioParameter("processes", "how many processes (N)", 3, 1, 4),
            new ScenarioParameter("clock", "worlds with a clock above it are not explored (maxClock)", 6, 1, 20),
        ],
        arguments => Of(arguments["processes"], arguments["clock"]));

    internal readonly record struct Message(string Type, int Clock);

    internal static Model Of(int count, int maxClock, bool entersWithoutAcks = false, bool asksAgain = false)
    {
        var processes = Enumerable.Range(1, count).ToArray();
        (int, int)[] pairs = [.. processes.SelectMany(p => processes.Select(q => (p, q)))];
        (int, int)[] links = [.. pairs.Where(pair => pair.Item1 != pair.Item2)];
        var (ack, release) = (new Message("ack", 0), new Message("rel", 0));

        var m = new ModelBuilder("lamport-mutex");
        var clock = m.Table("clock", processes, 1);
        var req = m.Table("req", pairs, 0);
        var acks = m.Table("ack", processes, Set<int>.Empty);
        var network = m.Table("network", links, Seq<Message>.Empty);
        var crit = m.Table("crit", processes, false);

        void Send(ModelStep s, int from, int to, Message message) =>
            network[s, (from, to)] = network[s, (from, to)].Add(message);

        void Broadcast(ModelStep s, int from, Message message)
        {
            foreach (var to in processes.Where(to => to != from))
            {
                Send(s, from, to, message);
            }
        }

        Message Receive(ModelStep s, int p, int q, string type)
        {
            s.Await(!network[s, (q, p)].IsEmpty);
            var message = network[s, (q, p)][0];
            s.Await(message.Type == type);
            network[s, (q, p)] = network[s, (q, p)].Skip(1);
            return message;
        }

        bool Beats(State s, int p, int q) => req[s, (p, q)] == 0 || req[s, (p, p)] < req[s, (p, q)]
            || (req[s, (p, p)] == req[s, (p, q)] && p < q);

        m.Step("Request", processes, (s, p) =>
        {
            s.Await(req[s, (p, p)] == 0 || asksAgain);
            req[s, (p, p)] = clock[s, p];
            Broadcast(s, p, new Message("req", clock[s, p]));
            acks[s, p] = [p];
        });
        m.Step("Enter", processes, (s, p) =>
        {
            s.Await(entersWithoutAcks ? acks[s, p].Contains(p) : acks[s, p].Count == count);
            s.Await(processes.Where(q => q != p).All(q => Beats(s, p, q)));
            crit[s, p] = true;
        });
        m.Step("Exit", processes, (s, p) =>
        {
            s.Await(crit[s, p]);
            crit[s, p] = false;
            Broadcast(s, p, release);
            req[s, (p, p)] = 0;
            acks[s, p] = [];
        });
        m.Step("ReceiveRequest", links, (s, link) =>
        {
            var (p, q) = link;
            var c = Receive(s, p, q, "req").Clock;
            req[s, (p, q)] = c;
            clock[s, p] = Math.Max(c, clock[s, p]) + 1;
            Send(s, p, q, ack);
        });
        m.Step("ReceiveAck", links, (s, link) =>
        {
            var (p, q) = link;
            Receive(s, p, q, "ack");
            acks[s, p] = acks[s, p].Add(q);
        });
        m.Step("ReceiveRelease", links, (s, link) =>
        {
            var (p, q) = link;
            Receive(s, p, q, "rel");
            req[s, (p, q)] = 0;
        });

        m.Constraint(s => processes.All(p => clock[s, p] <= maxClock));
        m.Always("Mutex", "Only one process is in the critical section.", s => processes.Count(p => crit[s, p]) <= 1);
        m.Always("BoundedNetwork", "A link never holds more than three messages.", s => links.All(link =>
            network[s, link].Count <= 3));
        if (maxClock > 1)
        {
            m.Sometimes("Critical", "A process is in the critical section.", s => processes.Any(p => crit[s, p])); // clocks start at 1
        }

        return m.Build();
    }
}
