using ActorLab.Core;

namespace ActorLab.Simulation;

/// <content>Faults, and what follows from them.</content>
public sealed partial class SimulationRun
{
    /// <returns>The fault as it struck, with what was decided in it.</returns>
    private FaultAction Apply(FaultAction action)
    {
        switch (action)
        {
            case FaultAction.Crash crash:
                action = crash with { Losses = Crash([_places.NodeAt(crash.Node)], crash.Losses) };
                break;
            case FaultAction.PowerCut cut:
                action = cut with { Losses = Crash(_places.Nodes, cut.Losses) };
                break;
            case FaultAction.Restart restart:
                Restart(_places.NodeAt(restart.Node));
                break;
            case FaultAction.RestartAll:
                Array.ForEach(_places.Nodes, Restart);
                break;
            case FaultAction.Cut cut:
                _counts.Partitions++;
                _network.Links.Cut(cut.Links);
                break;
            case FaultAction.Flap flap:
                _counts.Partitions++;
                _network.Links.Cut(flap.Links, Math.Max(1, flap.Period.Micros()));
                break;
            case FaultAction.Heal:
                _network.Links.Cut([]);
                break;
            case FaultAction.Lose lose:
                _network.Chances.Set(loss: lose.Probability);
                break;
            case FaultAction.Duplicate duplicate:
                _network.Chances.Set(duplication: duplicate.Probability);
                break;
            case FaultAction.Messages messages:
                _network.Chances.Obey(messages.Rules);
                break;
            case FaultAction.SetLinks links:
                _network.Ruled.Obey(links.Rules);
                break;
            case FaultAction.Slow slow:
                _places.NodeAt(slow.Node).SlowBy = slow.By;
                break;
            case FaultAction.Pause pause:
                Pause(_places.NodeAt(pause.Node));
                break;
            case FaultAction.Resume resume:
                Resume(_places.NodeAt(resume.Node));
                break;
            case FaultAction.BitRot rot:
                _places.NodeAt(rot.Node).IsRotten = true;
                break;
            case FaultAction.Repair repair:
                _places.NodeAt(repair.Node).IsRotten = false;
                break;
            case FaultAction.Clock clock:
                _counts.ClockChanges++;
                _places.NodeAt(clock.Node).Clock.Set(_timeline.Now, clock.Offset.Micros(), clock.DriftPerSecond.Micros());
                break;
        }

        _recorder.Add(
            _timeline.Now, TraceKind.Fault, _places.All, detail: (ulong)_network.Links.All.Count,
            record: new EventRecord(_recorder.IsKeeping ? action.ToString() : null));
        return action;
    }

    private Seq<WriteLoss> Crash(NodeSlot[] nodes, Seq<WriteLoss> decided)
    {
        var losses = new List<WriteLoss>();
        foreach (var node in nodes)
        {
            Crash(node, decided, losses);
        }

        return losses.ToSeq();
    }

    private void Crash(NodeSlot node, Seq<WriteLoss> decided, List<WriteLoss> losses)
    {
        if (!node.IsUp)
        {
            return;
        }

        _counts.Crashes++;
        foreach (var role in node.Roles)
        {
            var loss = _decided is null && decided.IsEmpty
                ? _crashes.Of(role)
                : decided.FirstOrDefault(known => known.Role == role.Address) ?? new WriteLoss(role.Address, 0);
            losses.Add(LoseWrites(role, loss));
            role.DisarmAll();
            _changed |= SimulatedWorld.BitOfRole(role.Index);
        }

        (node.IsUp, node.IsPaused, node.DoomedInWrite) = (false, false, false);
        node.Incarnation++;
        var crash = _recorder.Add(_timeline.Now, TraceKind.Crash, _places.Of(node));
        _clients?.Crashed(node);
        Judge(crash, null);
        TakeWhatWaited(node); // void all of it, but whoever sent it is told in the trace
    }

    /// <summary>Applies what a crash leaves of the writes of one role.</summary>
    /// <returns>The same, without what had no room.</returns>
    private WriteLoss LoseWrites(RoleSlot role, WriteLoss loss)
    {
        var written = Math.Min(loss.Written, role.Disk.Covered);
        var torn = 0;
        if (loss.Torn > 0 && CrashChances.FrameAfter(role, written) is { } frame && loss.Torn < frame.Length)
        {
            torn = loss.Torn;
            role.Disk.Tail = frame[..torn];
            _counts.TornRecords++;
        }

        var sent = 0;
        foreach (var turn in role.Disk.Crash(written))
        {
            // It happened; of what it says, nobody hears more than what left before the crash.
            var leaving = turn.Effects.Where(CrashChances.WaitsForDisk).Take(loss.Sent - sent).ToArray();
            if (!turn.IsShown)
            {
                Show(role, turn, leaving);
            }

            sent += leaving.Length;
            for (var i = 0; i < leaving.Length && _violation is null; i++)
            {
                Leave(role, leaving[i], turn.Index);
            }
        }

        var forgotten = role.Disk.Forget(loss.Forgotten);
        _counts.ForgottenWrites += forgotten;
        return new WriteLoss(role.Address, written, sent, torn, forgotten);
    }

    private void Pause(NodeSlot node)
    {
        if (node is { IsUp: true, IsPaused: false })
        {
            _counts.Pauses++;
            node.IsPaused = true;
            _recorder.Add(_timeline.Now, TraceKind.Pause, _places.Of(node));
        }
    }

    private void Resume(NodeSlot node)
    {
        if (node.IsPaused)
        {
            node.IsPaused = false;
            _recorder.Add(_timeline.Now, TraceKind.Resume, _places.Of(node));
            TakeWhatWaited(node);
        }
    }

    private void TakeWhatWaited(NodeSlot node)
    {
        while (_violation is null && node.Held.TryDequeue(out var due))
        {
            Do(due);
        }
    }

    private void Restart(NodeSlot node)
    {
        if (node.IsUp)
        {
            return;
        }

        if (!IsSound(node))
        {
            StayDown(node);
            return;
        }

        node.IsUp = true;
        var restart = _recorder.Add(_timeline.Now, TraceKind.Restart, _places.Of(node));
        BootRoles(node, restart);
        _clients?.Restarted(node);
        Judge(restart, null);
    }

    /// <summary>Whether the checksum of a node's disk matches; a bit that flipped is to show.</summary>
    private static bool IsSound(NodeSlot node)
    {
        if (!node.IsRotten)
        {
            return true; // Read as it was written.
        }

        var frame = DiskFrame.Write(node.Roles[0].Binding.WriteDisk(node.Roles[0].Disk.Synced));
        frame[^1] ^= 1;
        return DiskFrame.IsSound(frame);
    }

    /// <summary>What is on the disk is not what was written: booting from it would break promises that the role gave.</summary>
    private void StayDown(NodeSlot node)
    {
        _counts.NeedRepair++;
        _recorder.Add(
            _timeline.Now, TraceKind.Note, _places.Of(node),
            record: new EventRecord("needs repair: the checksum of its disk does not match, so it stays down"));
    }

    private void BootRoles(NodeSlot node, long cause)
    {
        foreach (var role in node.Roles)
        {
            _changed |= SimulatedWorld.BitOfRole(role.Index);
            role.Disk.ReadTail(role.Binding);
            if (cause >= 0 && _options.Disk.ThroughCodec)
            {
                role.Disk.ReadBack(role.Binding);
            }

            Take(role, new TurnStart(TraceKind.Boot, role.Address, role.Disk.Synced, null) { Cause = cause });
        }
    }

    /// <summary>
    /// The quiet part begins: the network is whole and loses nothing, clocks are right, every node runs whose disk is sound.
    /// </summary>
    private void CalmDown()
    {
        _isQuieting = true;
        Strike(new FaultAction.Heal());
        Strike(new FaultAction.Lose(0));
        Strike(new FaultAction.Duplicate(0));
        if (!_network.Chances.Rules.IsEmpty)
        {
            Strike(new FaultAction.Messages([]));
        }

        if (!_network.Ruled.Rules.IsEmpty)
        {
            Strike(new FaultAction.SetLinks([]));
        }

        foreach (var node in _places.Nodes)
        {
            node.DoomedInWrite = false;
            Strike(new FaultAction.Slow(node.Id, Wait.Zero));
            if (node.Clock.IsFaulty)
            {
                Strike(new FaultAction.Clock(node.Id, TimeSpan.Zero, TimeSpan.Zero));
            }

            if (node.IsPaused)
            {
                Strike(new FaultAction.Resume(node.Id));
            }
        }

        Strike(new FaultAction.RestartAll());
        _isQuieting = false;
    }
}
