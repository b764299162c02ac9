using ActorLab.Core;

namespace ActorLab.Checking;

/// <summary>The dice of a recorded turn: they give what they gave.</summary>
internal sealed class ReplayedDice(int[] recorded) : IChoices
{
    private int _next;

    public bool AllTaken => _next == recorded.Length;

    public int Next(int options)
    {
        if (_next + 1 >= recorded.Length || recorded[_next + 1] != options)
        {
            throw new TurnAsksForMore($"it throws a die of {options} that is not in the recording");
        }

        var chosen = recorded[_next];
        _next += 2;
        return chosen;
    }
}

/// <summary>A replayed turn asks for what the recorded one did not ask for.</summary>
internal sealed class TurnAsksForMore(string what) : Exception(what);
