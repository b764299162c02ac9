using ActorLab.Algorithms.KeyValue;
using ActorLab.Algorithms.Raft;
using ActorLab.Core;
using ActorLab.Simulation;

namespace ActorLab.Tests.Simulation;

/// <summary>Situations that random runs found, each built on purpose.</summary>
public sealed class RaftRegressionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Reads have no session. When each start of a client numbered them from 1, the late answer to a read before the
    /// crash was taken for the answer to the first read after it.
    /// </summary>
    [Fact]
    public void An_answer_to_a_read_before_the_crash_of_its_client_answers_none_after_it()
    {
        var run = new SimulationRun(RaftScenario.Of(3, RaftOptions.Default), new SimulationOptions());
        Assert.True(run.RunUntil(world => Leader(world) is not null, Limit));
        var leader = Leader(run.World)!.Value;
        var other = NodeId.Range(3).First(node => node != leader);
        Ask(run, leader, 1, new KvCommand.Put("full", "something"));
        Assert.True(run.RunUntil(_ => IsDone(run, leader, 1), Limit));

        run.Strike(new FaultAction.Slow(other, Wait.Millis(300, 300)));
        Ask(run, other, 1, new KvCommand.Get("full"));
        run.RunFor(TimeSpan.FromMilliseconds(400)); // the answer has left the leader
        run.Strike(new FaultAction.Crash(other));
        run.Strike(new FaultAction.Restart(other));
        run.Strike(new FaultAction.Slow(other, Wait.Zero));
        Ask(run, other, 2, new KvCommand.Get("empty"));
        Assert.True(run.RunUntil(_ => IsDone(run, other, 2), Limit));
        Assert.IsType<KvReply.Missing>(OperationOf(run, other, 2)!.Reply);
    }

    private static void Ask(SimulationRun run, NodeId node, long number, KvCommand command) =>
        run.Operate(ClientOn(node), new RaftMessage.Invoke(number, command, Limit));

    private static bool IsDone(SimulationRun run, NodeId node, long number) =>
        OperationOf(run, node, number) is { CompletedAt: not null };

    private static HistoryOperation? OperationOf(SimulationRun run, NodeId node, long number) =>
        run.History.Operations.SingleOrDefault(one => one.Client == ClientOn(node) && one.Number == number);

    private static Address ClientOn(NodeId node) => new(node, RaftServer.ClientRoleName);

    private static NodeId? Leader(IWorld world)
    {
        foreach (var (address, state) in world.Running<RaftState>())
        {
            if (state.Role == ServerRole.Leader)
            {
                return address.Node;
            }
        }

        return null;
    }
}
