using ActorLab.Checking;
using ActorLab.Core;

namespace ActorLab.Models;

/// <summary>
/// Two-phase commit as Gray and Lamport state it in "Consensus on Transaction Commit" (2006): messages are a set that only
/// grows, since none is ever lost for good and a second copy of one changes nothing.
/// </summary>
public static class TwoPhase
{
    public static readonly ModelFamily Family = new(
        "twophase",
        "Two-phase commit with a transaction manager.",
        "tlaplus/Examples, specifications/transaction_commit/TwoPhase.tla",
        [new ScenarioParameter("rms", "how many resource managers", 3, 1, 12)],
        arguments => Of(arguments["rms"]));

    /// <summary>What a resource manager says, and what it hears.</summary>
    /// <param name="Type">Prepared, Commit or Abort.</param>
    /// <param name="Rm">Who is prepared; null from the transaction manager.</param>
    internal readonly record struct Message(string Type, NodeId? Rm) : IComparable<Message>
    {
        public int CompareTo(Message other) =>
            string.CompareOrdinal(Type, other.Type) is var byType and not 0 ? byType : Nullable.Compare(Rm, other.Rm);
    }

    internal static Model Of(int managers, bool commitsTooEarly = false)
    {
        var rms = Set.Of(Enumerable.Range(1, managers).Select(i => new NodeId($"r{i}")));
        var (commit, abort) = (new Message("Commit", null), new Message("Abort", null));
        Message PreparedBy(NodeId rm) => new("Prepared", rm);

        var m = new ModelBuilder("twophase");
        var rmState = m.Table("rmState", rms, "working");
        var tmState = m.Variable("tmState", "init");
        var tmPrepared = m.Variable("tmPrepared", Set<NodeId>.Empty);
        var msgs = m.Variable("msgs", Set<Message>.Empty);

        m.Step("TMCommit", s =>
        {
            s.Await(tmState[s] == "init");
            s.Await(commitsTooEarly ? !tmPrepared[s].IsEmpty : tmPrepared[s] == rms);
            tmState[s] = "committed";
            msgs[s] = msgs[s].Add(commit);
        });
        m.Step("TMAbort", s =>
        {
            s.Await(tmState[s] == "init");
            tmState[s] = "aborted";
            msgs[s] = msgs[s].Add(abort);
        });
        m.Step("TMRcvPrepared", rms, (s, rm) =>
        {
            s.Await(tmState[s] == "init");
            s.Await(msgs[s].Contains(PreparedBy(rm)));
            tmPrepared[s] = tmPrepared[s].Add(rm);
        });
        m.Step("RMPrepare", rms, (s, rm) =>
        {
            s.Await(rmState[s, rm] == "working");
            rmState[s, rm] = "prepared";
            msgs[s] = msgs[s].Add(PreparedBy(rm));
        });
        m.Step("RMChooseToAbort", rms, (s, rm) =>
        {
            s.Await(rmState[s, rm] == "working");
            rmState[s, rm] = "aborted";
        });
        m.Step("RMRcvCommitMsg", rms, (s, rm) =>
        {
            s.Await(msgs[s].Contains(commit));
            rmState[s, rm] = "committed";
        });
        m.Step("RMRcvAbortMsg", rms, (s, rm) =>
        {
            s.Await(msgs[s].Contains(abort));
            rmState[s, rm] = "aborted";
        });

        m.Always(
            "TCConsistent", "No two resource managers decide differently.",
            s => !(rms.Any(rm => rmState[s, rm] == "aborted") && rms.Any(rm => rmState[s, rm] == "committed")));
        m.Sometimes("Committed", "All resource managers commit.", s => rms.All(rm => rmState[s, rm] == "committed"));
        m.Sometimes("Aborted", "All resource managers abort.", s => rms.All(rm => rmState[s, rm] == "aborted"));
        m.Symmetric(rms);
        return m.Build();
    }
}
