using System.Buffers;
using System.Diagnostics;
using ActorLab.Checking;
using ActorLab.Cluster;
using ActorLab.Core;

namespace ActorLab.Lab;

/// <summary>
/// Walks through a schedule on processes, with the pure roles beside them: these say which message a step means, and what must
/// have arrived before a node may be killed.
/// </summary>
internal sealed class StageDriver(StageLab lab, Scenario scenario, PureStage pure, Action<int, GateStep> show)
{
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <exception cref="StagingFailed">A step is not possible on the processes.</exception>
    public async Task Walk(GateScript script, CancellationToken stopped)
    {
        var number = 0;
        foreach (var step in script.Steps)
        {
            show(++number, step);
            var exact = Exact(step);
            if (exact is GateStep.Crash crash)
            {
                await UntilAllArrived(number, step, stopped).ConfigureAwait(false);
                await KeepForDown(held => held.From.Node == crash.Node, stopped).ConfigureAwait(false);
            }
            else if (exact is GateStep.Restart restart)
            {
                await KeepForDown(held => held.To.Node == restart.Node, stopped).ConfigureAwait(false);
            }

            pure.Do(step);
            var whyNot = await Do(exact, stopped).ConfigureAwait(false);
            if (pure.Failure is not null)
            {
                return; // its process has crashed and booted: from here on it is another run
            }

            if (whyNot is not null)
            {
                throw new StagingFailed($"Step {number}, {step}: {whyNot}");
            }
        }

        await UntilAllArrived(number, null, stopped).ConfigureAwait(false);
    }

    private async Task<string?> Do(GateStep step, CancellationToken stopped)
    {
        try
        {
            switch (step)
            {
                case GateStep.Operate operate:
                    var message = new GateOperateCall(lab.Scenario, operate.Where.ToString(), [.. operate.Payload]);
                    return await Say(operate.Where, "operate", message).ConfigureAwait(false);
                case GateStep.Deliver deliver:
                    var found = await lab.Await(deliver.From, deliver.To, deliver.Text, stopped).ConfigureAwait(false);
                    return await Say(deliver.To, "deliver", Call(deliver.To, found)).ConfigureAwait(false);
                case GateStep.Drop drop when !pure.World.IsUp(drop.To):
                    Forget(drop);
                    return null;
                case GateStep.Duplicate twice when !pure.World.IsUp(twice.To):
                    return null; // the pure network has two of it now, and both are kept until the node starts
                case GateStep.Drop drop:
                    var lost = await lab.Await(drop.From, drop.To, drop.Text, stopped).ConfigureAwait(false);
                    return await Say(drop.To, "drop", Call(drop.To, lost)).ConfigureAwait(false);
                case GateStep.Duplicate twice:
                    var copied = await lab.Await(twice.From, twice.To, twice.Text, stopped).ConfigureAwait(false);
                    return await Say(twice.To, "hold", new GateHoldCall(lab.Scenario, twice.To.ToString(), copied)).ConfigureAwait(false);
                case GateStep.Expire expire:
                    return await Say(expire.Where, "expire", new GateTimerCall(lab.Scenario, expire.Where.ToString(), expire.Timer)).ConfigureAwait(false);
                case GateStep.Crash crash:
                    await lab.Crash(crash.Node, stopped).ConfigureAwait(false);
                    return null;
                case GateStep.Restart restart:
                    await lab.Restart(restart.Node, stopped).ConfigureAwait(false);
                    return null;
                default:
                    return "nobody knows how to do that.";
            }
        }
        catch (StagingFailed failed)
        {
            return failed.Message;
        }

        Task<string?> Say(Address where, string verb, object call) => lab.Say(where.Node, verb, call, stopped);
    }

    /// <summary>
    /// What was sent to a node that is down was lost on the wire, while the network of a schedule still has it: it is kept,
    /// under the number that its sender gave it, until the node starts.
    /// </summary>
    private async Task KeepForDown(Func<HeldEnvelope, bool> which, CancellationToken stopped)
    {
        foreach (var receiver in pure.Held.Where(held => which(held) && !pure.World.IsUp(held.To)).GroupBy(held => held.To.Node).ToList())
        {
            var kept = lab.UnderWayTo(receiver.Key);
            var known = kept.Select(call => (call.Role, call.Message.From, call.Message.Text)).ToList();
            foreach (var held in receiver.Where(held => !known.Remove((held.To.ToString(), held.From.ToString(), held.Text))).ToList())
            {
                var numbers = await lab.NumbersOf(held.From, held.To, held.Text, stopped).ConfigureAwait(false);
                var number = numbers.FirstOrDefault(one => kept.All(call => call.Message.From != held.From.ToString() || call.Message.Number != one));
                if (number == 0)
                {
                    throw new StagingFailed($"{held.From.Node} does not know any more that it sent {held.Text} to {held.To}.");
                }

                var buffer = new ArrayBufferWriter<byte>();
                scenario.RoleAt(held.To).WriteMessage(buffer, held.Message);
                kept.Add(new GateHoldCall(lab.Scenario, held.To.ToString(), new HeldMessage(
                    held.From.ToString(), EnvelopeNumber.IncarnationOf(number), number, 0, held.Text, buffer.WrittenSpan.ToArray())));
            }
        }
    }

    /// <summary>A message to a node that is down is dropped where it is kept; one that is not kept yet never will be.</summary>
    private void Forget(GateStep.Drop drop)
    {
        var kept = lab.UnderWayTo(drop.To.Node);
        if (kept.FirstOrDefault(call => (call.Role, call.Message.From, call.Message.Text) == (drop.To.ToString(), drop.From.ToString(), drop.Text)) is { } one)
        {
            kept.Remove(one);
        }
    }

    private GateMessageCall Call(Address to, HeldMessage found) => new(lab.Scenario, to.ToString(), found.From, found.Number);

    /// <summary>The step with the whole text of the message that it means.</summary>
    private GateStep Exact(GateStep step) => step switch
    {
        GateStep.Deliver deliver => deliver with { Text = TextOf(deliver.From, deliver.To, deliver.Text) },
        GateStep.Drop drop => drop with { Text = TextOf(drop.From, drop.To, drop.Text) },
        GateStep.Duplicate twice => twice with { Text = TextOf(twice.From, twice.To, twice.Text) },
        _ => step,
    };

    private string TextOf(Address from, Address to, string text) => pure.Held
        .FirstOrDefault(held => held.From == from && held.To == to && held.Text.StartsWith(text, StringComparison.Ordinal))
        ?.Text ?? text;

    /// <summary>A process that is killed takes along what it had not sent yet: everything must have arrived.</summary>
    private async Task UntilAllArrived(int number, GateStep? step, CancellationToken stopped)
    {
        var watch = Stopwatch.StartNew();
        while (await Missing(stopped).ConfigureAwait(false) is { } missing)
        {
            if (watch.Elapsed > ArrivalLimit)
            {
                var when = step is null ? "After the last step" : $"Before step {number}, {step}";
                throw new StagingFailed($"{when}: {missing} did not arrive within {ArrivalLimit.TotalSeconds:0} s.");
            }

            await Task.Delay(Pause, stopped).ConfigureAwait(false);
        }
    }

    private async Task<string?> Missing(CancellationToken stopped)
    {
        foreach (var node in pure.World.Addresses.Where(pure.World.IsUp).Select(place => place.Node).Distinct())
        {
            var gates = await lab.Gates(node.Name, stopped).ConfigureAwait(false);
            var there = gates.SelectMany(gate => gate.Held, (gate, held) => (gate.Role, held.From, held.Text)).ToList();
            foreach (var held in pure.Held.Where(held => held.To.Node == node))
            {
                if (!there.Remove((held.To.ToString(), held.From.ToString(), held.Text)))
                {
                    return $"{held.Text} from {held.From} to {held.To}";
                }
            }
        }

        return null;
    }
}
