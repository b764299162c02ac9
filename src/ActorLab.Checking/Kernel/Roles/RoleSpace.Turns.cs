namespace ActorLab.Checking.Kernel;

/// <content>How a turn changes the world.</content>
internal sealed partial class RoleSpace
{
    /// <summary>One turn, in every way it may end, and in every way the node may crash within it.</summary>
    /// <param name="world">The world before.</param>
    /// <param name="into">Takes the steps.</param>
    /// <param name="label">Of an operation, a delivery or an expiry.</param>
    /// <param name="input">Where the world holds what is used up: an envelope, a count of operations, or -1.</param>
    /// <param name="outcomes">How the turn may end; null if that is to be learned.</param>
    /// <param name="learn">Whether something may be learned.</param>
    private bool Turn(
        ReadOnlySpan<int> world, Successors into, int label, int input, Outcome[]? outcomes, bool learn)
    {
        if (outcomes is null)
        {
            return false;
        }

        var network = _scenario.Network;
        var isDelivery = input >= _layout.Network;
        foreach (var outcome in outcomes)
        {
            if (isDelivery && outcome.IsNoOp && network is { NoOpDeliversStay: true, FifoPerLink: false })
            {
                continue;
            }

            if (!UseUp(world, into, label, input, outcome, learn))
            {
                return false;
            }

            if (world[_layout.Faults + Layout.Crashes] == 0 || outcome.Error is not null)
            {
                continue;
            }

            if (_turns.TornOf(outcome, learn) is not { } torn)
            {
                return false;
            }

            foreach (var one in torn)
            {
                if (!UseUp(world, into, label, input, one, learn))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Takes a turn with its input used up, and where the network may deliver again, with the input left.</summary>
    private bool UseUp(
        ReadOnlySpan<int> world, Successors into, int label, int input, Outcome outcome, bool learn)
    {
        var network = _scenario.Network;
        if (input >= _layout.Network && network.Duplicating)
        {
            if (!Take(world, into, label, -1, world[input], outcome, learn))
            {
                return false;
            }

            if (!network.FifoPerLink)
            {
                return true;
            }
        }

        return Take(world, into, label, input, input >= _layout.Network ? world[input] : -1, outcome, learn);
    }

    private bool Take(
        ReadOnlySpan<int> world, Successors into, int label, int usedUp, int delivered, Outcome outcome, bool learn)
    {
        into.Begin(label, outcome.Number);
        if (outcome.Error is not null)
        {
            into.EndFailed();
            return true;
        }

        if (_scenario.Network.NoOpDeliversVanish)
        {
            if (!TakeOut(world, into, usedUp, outcome.Place, outcome.After, outcome.Torn is not null, learn))
            {
                return false;
            }
        }
        else if (usedUp >= _layout.Network)
        {
            into.Remove(usedUp);
        }

        if (usedUp >= 0 && usedUp < _layout.Network)
        {
            into.Write(usedUp, world[usedUp] + 1);
        }

        if (delivered >= 0 && _scenario.Network.LastDeliveredCounts)
        {
            into.Write(_layout.LastDelivered, delivered + 1);
        }

        if (outcome.Expired is not null && _layout.HasRounds)
        {
            BeginRound(world, into, outcome.Place);
        }

        if (!Apply(into, outcome, learn))
        {
            return false;
        }

        if (outcome.Torn is not null)
        {
            Crash(into, _layout.NodeOf[outcome.Place]);
        }

        into.End();
        return true;
    }

    private bool Apply(Successors into, Outcome outcome, bool learn)
    {
        if (outcome.Shift is { } shift)
        {
            into.Shift(shift);
            into.WriteShifted(outcome.Place, outcome.After);
        }
        else
        {
            into.Write(outcome.Place, outcome.After);
        }

        if (outcome.Counts)
        {
            for (var observer = 0; observer < _scenario.Observers.Count; observer++)
            {
                var slot = _layout.Observers + observer;
                var before = into.Read(slot);
                var after = _memory.Fold(observer, before, outcome, learn);
                if (after < 0)
                {
                    return false;
                }

                if (after != before)
                {
                    into.Write(slot, after);
                }
            }
        }

        if (outcome.TouchesTimers || outcome.Expired is not null)
        {
            var slot = _layout.Timers + outcome.Place;
            var after = _memory.TimersAfter(into.Read(slot), outcome, learn);
            if (after < 0)
            {
                return false;
            }

            into.Write(slot, after);
        }

        foreach (var envelope in outcome.Sends)
        {
            if (outcome.Shift is not null)
            {
                into.PutShifted(envelope);
            }
            else if (Vanishes(into, outcome, envelope, learn) is not { } vanishes)
            {
                return false;
            }
            else if (!vanishes)
            {
                into.Put(envelope);
            }
        }

        return true;
    }

    /// <summary>The node loses its memory and its timers; what is in flight stays.</summary>
    private void Crash(Successors into, int node)
    {
        var budget = _layout.Faults + Layout.Crashes;
        into.Write(budget, into.Read(budget) - 1);
        foreach (var place in _layout.PlacesOf[node])
        {
            into.Write(place, ~into.Read(place));
            into.Write(_layout.Timers + place, TimerSets.None);
            if (_layout.HasRounds)
            {
                into.Write(_layout.Pending + place, 0);
            }
        }
    }

    /// <summary>Ends a step in which places boot, each in one of its ways.</summary>
    private bool Boot(Successors into, Outcome[][] ways, int combination, bool learn)
    {
        var boots = Pick(ways, combination);
        foreach (var boot in boots)
        {
            if (boot.Error is not null)
            {
                into.EndFailed();
                return true;
            }
        }

        foreach (var boot in boots)
        {
            if (!Apply(into, boot, learn))
            {
                return false;
            }
        }

        if (Array.Find(boots, boot => boot.Torn is not null) is { } torn)
        {
            Crash(into, _layout.NodeOf[torn.Place]);
        }

        into.End();
        return true;
    }

    private static int Combinations(Outcome[][] ways) => ways.Aggregate(1, (count, way) => checked(count * way.Length));

    /// <summary>One way for each, the last place's changing fastest.</summary>
    private static Outcome[] Pick(Outcome[][] ways, int combination)
    {
        var picked = new Outcome[ways.Length];
        for (var i = ways.Length - 1; i >= 0; i--)
        {
            picked[i] = ways[i][combination % ways[i].Length];
            combination /= ways[i].Length;
        }

        return picked;
    }
}
