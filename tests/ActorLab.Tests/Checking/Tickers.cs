using ActorLab.Core;

namespace ActorLab.Tests.Checking;

public abstract record TickerMessage
{
    /// <summary>From the ticker to itself.</summary>
    public sealed record Tick(int Round) : TickerMessage;
}

/// <param name="Round">The round that it is in.</param>
/// <param name="Mood">From 0 to 2; never a round.</param>
/// <param name="Under">The rounds of the ticks that are under way, each as often as it is.</param>
public sealed record TickerState(int Round, int Mood, Seq<int> Under) : IOnDisk<NoDisk>
{
    public NoDisk Disk => NoDisk.Instance;
}

/// <summary>
/// Keeps some ticks to itself in flight, and goes on from round to round for ever; what it does with one, a table says that knows
/// how far the tick is ahead, and not its round. So all that it does is the same in all rounds.
/// </summary>
/// <param name="modulo">After so many rounds the first one is next, and worlds are finite; null to go on for ever.</param>
/// <param name="table">What it does in a mood with a tick so many rounds ahead: those behind as 0.</param>
/// <param name="first">The rounds of the first ticks.</param>
internal sealed class Ticker(int? modulo, Func<int, int, Ticker.Turnout> table, Seq<int> first) : IRole<TickerState, NoDisk, TickerMessage>
{
    /// <summary>No tick falls further behind, so that numbers modulo eight and more never mix up two ticks.</summary>
    private const int Window = 2;

    /// <summary>All rounds modulo a shift.</summary>
    public static readonly Normalisation Rounds = new(
        value => value switch
        {
            TickerState state => Math.Min(state.Round, state.Under.DefaultIfEmpty(int.MaxValue).Min()),
            TickerMessage.Tick(var round) => round,
            _ => null,
        },
        (value, by) => value switch
        {
            TickerState state => new TickerState(state.Round - by, state.Mood, [.. state.Under.Select(round => round - by)]),
            TickerMessage.Tick(var round) => new TickerMessage.Tick(round - by),
            _ => value,
        });

    public NoDisk EmptyDisk => NoDisk.Instance;

    public TickerState Boot(NoDisk disk, Turn<TickerMessage> turn)
    {
        foreach (var round in first)
        {
            turn.Tell(turn.Self, new TickerMessage.Tick(round));
        }

        return new TickerState(0, 0, first);
    }

    public TickerState Receive(TickerState state, Address sender, TickerMessage message, Turn<TickerMessage> turn)
    {
        var round = ((TickerMessage.Tick)message).Round;
        var under = state.Under.ToList();
        under.Remove(round);
        var turnout = table(state.Mood, Math.Clamp(Ahead(round, state.Round), 0, 2));
        var goesOn = turnout.GoesOn && under.TrueForAll(other => Ahead(other, state.Round) > -Window);
        var next = Wrap(state.Round + (goesOn ? 1 : 0));
        if (turnout.Ahead is { } ahead)
        {
            turn.Tell(turn.Self, new TickerMessage.Tick(Wrap(next + ahead)));
            under.Add(Wrap(next + ahead));
        }

        return new TickerState(next, turnout.Mood, [.. under.OrderBy(other => Ahead(other, next))]);
    }

    private int Wrap(int round) => modulo is { } rounds ? round % rounds : round;

    private int Ahead(int round, int of) => modulo is { } rounds ? ((round - of + rounds + (rounds / 2)) % rounds) - (rounds / 2) : round - of;

    /// <param name="Mood">The next mood.</param>
    /// <param name="GoesOn">Whether the next round begins.</param>
    /// <param name="Ahead">How far ahead of its round it sends another tick; null for none.</param>
    public sealed record Turnout(int Mood, bool GoesOn, int? Ahead);
}
