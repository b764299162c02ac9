namespace ActorLab.Checking.Kernel;

/// <content>Networks on which a message that its receiver ignores is delivered at once and unseen.</content>
internal sealed partial class RoleSpace
{
    /// <summary>Takes out of the network what is used up, and what is ignored after a turn or a crash.</summary>
    /// <param name="world">The world before.</param>
    /// <param name="into">Takes the step.</param>
    /// <param name="usedUp">Where the world holds the envelope of the turn; -1 if nowhere.</param>
    /// <param name="place">That took the turn, or the first of the node that crashes.</param>
    /// <param name="after">The state there.</param>
    /// <param name="crashes">Whether the node crashes.</param>
    /// <param name="learn">Whether something may be learned.</param>
    private bool TakeOut(
        ReadOnlySpan<int> world, Successors into, int usedUp, int place, int after, bool crashes, bool learn)
    {
        for (var index = _layout.Network; index < world.Length; index++)
        {
            var to = _turns.Envelopes[world[index]].To;
            var isAffected = to == place || (crashes && _layout.NodeOf[to] == _layout.NodeOf[place]);
            bool? isIgnored = false;
            if (index != usedUp && isAffected)
            {
                var state = to == place ? after : world[to];
                isIgnored = Ignores(to, crashes ? ~state : state, world[index], learn);
            }

            if (isIgnored is null)
            {
                return false;
            }

            if (index == usedUp || isIgnored.Value)
            {
                into.Remove(index);
            }
        }

        return true;
    }

    /// <summary>Takes out what is ignored after a node crashed as it booted.</summary>
    private bool TakeOut(int node, ReadOnlySpan<int> world, Successors into, Outcome[] boots, bool learn)
    {
        for (var index = _layout.Network; index < world.Length; index++)
        {
            var to = _turns.Envelopes[world[index]].To;
            if (_layout.NodeOf[to] != node)
            {
                continue;
            }

            var after = Array.Find(boots, boot => boot.Place == to)!.After;
            if (Ignores(to, ~after, world[index], learn) is not { } isIgnored)
            {
                return false;
            }

            if (isIgnored)
            {
                into.Remove(index);
            }
        }

        return true;
    }

    /// <summary>Whether a place ignores an envelope, if it is down once it is up again; null if that is to be learned.</summary>
    private bool? Ignores(int place, int state, int envelope, bool learn)
    {
        if (Layout.IsUp(state))
        {
            return _turns.Ignores(state, envelope, learn);
        }

        if (_turns.Reboot(place, Layout.StateOf(state), learn) is not { } boots)
        {
            return null;
        }

        foreach (var boot in boots)
        {
            bool? isIgnored = boot.Error is null ? _turns.Ignores(boot.After, envelope, learn) : false;
            if (isIgnored is not true)
            {
                return isIgnored;
            }
        }

        return true;
    }

    /// <summary>Whether an envelope vanishes as it is sent, for its receiver ignores it; null if that is to be learned.</summary>
    private bool? Vanishes(Successors into, Outcome outcome, int envelope, bool learn)
    {
        if (!_scenario.Network.NoOpDeliversVanish || outcome.Before < 0)
        {
            return false; // At a boot not all receivers need have booted.
        }

        var to = _turns.Envelopes[envelope].To;
        return Ignores(to, into.Read(to), envelope, learn);
    }
}
